package dev.chatgateway.socketio.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Logs defects with their stack traces: one a second at most. May be called from anywhere. */
final class Defects {
  private static final Logger LOG = Logger.getLogger(Defects.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Those of all sessions, so that no client can flood the log. */
  static final Defects ALL = new Defects(System::nanoTime);

  private final LongSupplier nanos;
  private final AtomicLong nextLog;

  /**
   * @param nanos a clock as {@link System#nanoTime}
   */
  Defects(LongSupplier nanos) {
    this.nanos = nanos;
    this.nextLog = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Logs one, unless another has been logged within a second.
   *
   * @param format what failed, with {@code %s} for the session's id
   */
  void log(Throwable defect, String format, String sid) {
    long now = nanos.getAsLong();
    long next = nextLog.get();
    if (now - next >= 0 && nextLog.compareAndSet(next, now + LOG_EVERY_NANOS)) {
      LOG.errorf(defect, format, sid);
    }
  }
}
