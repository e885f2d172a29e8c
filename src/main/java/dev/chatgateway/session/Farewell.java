package dev.chatgateway.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How clients are asked to go to other pods, so that they do not arrive there all at once.
 *
 * @param reason told to them
 * @param spread each is asked to come back after a random delay of up to so much
 */
public record Farewell(String reason, Duration spread) {
  /** Asks the session to go. On its loop. */
  public void to(Session session) {
    long bound = Math.max(1, spread.toMillis());
    session.sendAway(reason, ThreadLocalRandom.current().nextLong(bound));
  }

  /** Asks sessions of one loop to go, one after the other, evenly over that time. On that loop. */
  public void to(Loop loop, List<Session> sessions, Duration over) {
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      loop.after(over.toMillis() * i / sessions.size(), () -> to(session));
    }
  }
}
