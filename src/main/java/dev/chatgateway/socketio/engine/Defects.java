package dev.chatgateway.socketio.engine;

import dev.chatgateway.logging.LogThrottle;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Logs defects with their stack traces: one a second at most of all sessions together. May be called
 * from anywhere.
 */
final class Defects {
  private static final Logger LOG = Logger.getLogger(Defects.class);
  private static final LogThrottle THROTTLE = new LogThrottle(Duration.ofSeconds(1));

  private Defects() {}

  /**
   * Logs one, unless another has been logged within a second.
   *
   * @param format what failed, with {@code %s} for the session's id
   */
  static void log(Throwable defect, String format, String sid) {
    if (THROTTLE.admits()) {
      LOG.errorf(defect, format, sid);
    }
  }
}
