package dev.chatgateway.session;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.redis.RedisErrorException;
import dev.chatgateway.redis.RedisUnavailableException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Turns what went wrong into what a client may know; defects are logged, but never in a flood. */
public final class Failures {
  private static final Logger LOG = Logger.getLogger(Failures.class);
  private static final long LOG_EVERY_NANOS = 1_000_000_000L;
  private static final AtomicLong NEXT_LOG = new AtomicLong(System.nanoTime());

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
    long now = System.nanoTime();
    long next = NEXT_LOG.get();
    if (now - next >= 0 && NEXT_LOG.compareAndSet(next, now + LOG_EVERY_NANOS)) {
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
