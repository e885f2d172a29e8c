package dev.chatgateway.presence;

import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions that are being made known as a user's: what happens to the user's connections meanwhile
 * concerns them too, though nobody finds them by their user yet. Each session has one at a time, or a
 * later one in place of an earlier; all on the session's loop.
 */
final class Attempts {
  private final Loops loops;
  private final List<Map<Session, Attempt>> byLoop;

  Attempts(Loops loops) {
    this.loops = loops;
    this.byLoop =
        loops.all().stream().<Map<Session, Attempt>>map(loop -> new HashMap<>()).toList();
  }

  /** One that is under way. */
  static final class Attempt {
    private final Session session;
    private final String userId;
    private long closedAtMs; // when the user's connections were to end; 0 where they weren't
    private boolean storedAgain;

    private Attempt(Session session, String userId) {
      this.session = session;
      this.userId = userId;
    }

    /** Ends the session, which is known now, if it was ordered meanwhile. */
    void closeAsOrdered() {
      session.closeAsOrdered(closedAtMs);
    }

    /** Whether all connections were to be stored once more meanwhile. */
    boolean isStoredAgain() {
      return storedAgain;
    }
  }

  Attempt begin(Session session, String userId) {
    Attempt attempt = new Attempt(session, userId);
    of(session).put(session, attempt);
    return attempt;
  }

  void end(Attempt attempt) {
    of(attempt.session).remove(attempt.session, attempt);
  }

  /** Whether the session is being made known as that user's. */
  boolean isUnderWay(Session session, String userId) {
    Attempt now = of(session).get(session);
    return now != null && now.userId.equals(userId);
  }

  /** All connections are to be stored once more; where that session is not known yet, it follows. */
  void storeAgain(Session session) {
    Attempt now = of(session).get(session);
    if (now != null) {
      now.storedAgain = true;
    }
  }

  /** Ends those of the user's that turn out to be as old as the order to. */
  void close(String userId, long orderedAtMs) {
    for (Loop loop : loops.all()) {
      loop.run(() -> byLoop.get(loop.index()).values().stream()
          .filter(attempt -> attempt.userId.equals(userId))
          .forEach(attempt -> attempt.closedAtMs = Math.max(attempt.closedAtMs, orderedAtMs)));
    }
  }

  private Map<Session, Attempt> of(Session session) {
    return byLoop.get(session.loop().index());
  }
}
