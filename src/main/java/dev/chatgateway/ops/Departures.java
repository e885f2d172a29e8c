package dev.chatgateway.ops;

import dev.chatgateway.session.Session;
import dev.chatgateway.session.Sessions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** Asks connections of a pod that goes on to reconnect, evenly, and knows which have yet to go. */
public final class Departures {
  /** How a connection is asked to go, and closed when the time has come. */
  public interface Farewell {
    void tell(Session session, String reason, long delayMs);
  }

  private final Sessions sessions;
  private final Farewell farewell;
  private final MeterRegistry registry;
  private final Set<Session> leaving = ConcurrentHashMap.newKeySet();

  /**
   * Before any session opens.
   *
   * @param farewell called on the session's loop
   */
  Departures(Sessions sessions, Farewell farewell, MeterRegistry registry) {
    this.sessions = sessions;
    this.farewell = farewell;
    this.registry = registry;
    sessions.onEnd(leaving::remove);
  }

  /** How many have been asked and are still here. */
  int leaving() {
    return leaving.size();
  }

  /**
   * What asks, for one reason.
   *
   * @param within each is told to come back after a random part of this time
   */
  Request request(String reason, Duration within) {
    Counter asked = Counter.builder("chat.rebalance.asked")
        .description("Connections asked to reconnect although the pod goes on, by reason")
        .tag("reason", reason)
        .register(registry);
    return (count, which) -> sessions.oldest(
        count,
        session -> isAuthenticated(session) && !leaving.contains(session) && which.test(session),
        chosen -> chosen.forEach(session -> {
          if (leaving.add(session)) {
            session.loop().run(() -> ask(session, reason, within, asked));
          }
        }));
  }

  /** Asks the oldest, so many, of those that match. */
  interface Request {
    void ask(int count, Predicate<Session> which);
  }

  // Who has not said yet who it is goes on to, or will be closed for it.
  private static boolean isAuthenticated(Session session) {
    return session.principal() != null && !session.isClosed();
  }

  private void ask(Session session, String reason, Duration within, Counter asked) {
    if (session.isClosed()) {
      leaving.remove(session); // it may have ended before it was put there
      return;
    }
    asked.increment();
    farewell.tell(session, reason, ThreadLocalRandom.current().nextLong(within.toMillis()));
  }
}
