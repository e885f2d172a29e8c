package dev.chatgateway.ops;

import dev.chatgateway.session.Farewell;
import dev.chatgateway.session.Session;
import dev.chatgateway.session.Sessions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Sends the oldest connections of a pod that goes on away, and knows which have yet to go. */
final class Oldest {
  private final Sessions sessions;
  private final Set<Session> leaving = ConcurrentHashMap.newKeySet();

  /** Before any session opens. */
  Oldest(Sessions sessions) {
    this.sessions = sessions;
    sessions.onEnd(leaving::remove);
  }

  /** How many have been asked to go and are still here. */
  int leaving() {
    return leaving.size();
  }

  /** Asks so many of those that match to go; the predicate is asked on the session's loop. */
  void sendAway(int count, Predicate<Session> which, Farewell farewell) {
    sessions.oldest(count, session -> mayGo(session) && which.test(session), chosen -> {
      for (Session session : chosen) {
        if (leaving.add(session)) {
          session.loop().run(() -> ask(session, farewell));
        }
      }
    });
  }

  // Who has not said yet who it is goes on to, or will be closed for it.
  private boolean mayGo(Session session) {
    return session.principal() != null && !session.isClosed() && !session.isSentAway();
  }

  private void ask(Session session, Farewell farewell) {
    if (session.isClosed()) {
      leaving.remove(session); // it may have ended before it was put there
    } else {
      farewell.to(session);
    }
  }
}
