package dev.chatgateway.ops;

import io.quarkus.logging.LoggingFilter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Limits the warnings and errors that each category may log: a burst, then one a second. Nobody can
 * fill the log with them, whichever library they come from. How many were left out is logged with
 * the next one.
 */
@LoggingFilter(name = WarningThrottle.NAME)
public final class WarningThrottle implements Filter {
  static final String NAME = "warning-throttle";
  static final int BURST = 20;

  private static final Logger LOG = Logger.getLogger(WarningThrottle.class);

  private final Throttle throttle = new Throttle(System::nanoTime);

  @Override
  public boolean isLoggable(LogRecord line) {
    String category = line.getLoggerName();
    if (line.getLevel().intValue() < Level.WARNING.intValue()
        || category == null
        || category.equals(LOG.getName())) {
      return true;
    }
    long leftOut = throttle.take(category);
    if (leftOut > 0) {
      LOG.warnf("%d lines of %s were left out", leftOut, category);
    }
    return leftOut >= 0;
  }

  /** Counts the lines of each category. May be used from anywhere. */
  static final class Throttle {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /**
     * @param nanos a clock as {@link System#nanoTime}
     */
    Throttle(LongSupplier nanos) {
      this.nanos = nanos;
    }

    /** Returns -1 if the next line of the category is left out, else how many were before it. */
    long take(String category) {
      long now = nanos.getAsLong();
      return buckets.computeIfAbsent(category, first -> new Bucket(now)).take(now);
    }
  }

  private static final class Bucket {
    private int lines = BURST;
    private long leftOut;
    private long filledAt;

    Bucket(long now) {
      filledAt = now;
    }

    synchronized long take(long now) {
      long more = (now - filledAt) / Throttle.INTERVAL_NANOS;
      filledAt += more * Throttle.INTERVAL_NANOS;
      lines = (int) Math.min(BURST, lines + more);
      if (lines == 0) {
        leftOut++;
        return -1;
      }
      lines--;
      long before = leftOut;
      leftOut = 0;
      return before;
    }
  }
}
