package dev.chatgateway.session;

import dev.chatgateway.logging.LogThrottle;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.redis.RedisErrorException;
import dev.chatgateway.redis.RedisUnavailableException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Turns what went wrong into what a client may know; defects are logged, but never in a flood. */
public final class Failures {
  private static final Logger LOG = Logger.getLogger(Failures.class);
  private static final LogThrottle DEFECTS = new LogThrottle(Duration.ofSeconds(1));

  private Failures() {}

  /**
   * What the client is told of that failure.
   *
   * @param connectionId for the log
   * @param doing the event or call that failed, for the log
   */
  public static ChatException toldToClient(Throwable failure, String connectionId, String doing) {
    if (failure instanceof ChatException problem) {
      return problem;
    }
    if (failure instanceof RedisUnavailableException
        || (failure instanceof RedisErrorException error && error.isTransient())) {
      return ChatException.unavailable();
    }
    if (DEFECTS.admits()) {
      MDC.put("connection_id", connectionId); // a field of its own in JSON logs
      try {
        LOG.errorf(failure, "%s failed on connection %s", doing, connectionId);
      } finally {
        MDC.remove("connection_id");
      }
    }
    return new ChatException(ErrorCode.INTERNAL, "something went wrong here; it has been logged");
  }
}
