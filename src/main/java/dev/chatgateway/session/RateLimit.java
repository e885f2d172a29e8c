package dev.chatgateway.session;

/**
 * A rate with a burst, by the generic cell rate algorithm (ITU-T I.371): the state of one limited
 * thing is a single time, the theoretical arrival of its next event, so that a connection can have
 * several limits in a few bytes.
 */
public final class RateLimit {
  private static final long NANOS = 1_000_000_000L;

  private final long intervalNanos;
  private final long toleranceNanos;

  public RateLimit(LimitsConfig.Rate rate) {
    this(rate.perSecond(), rate.burst());
  }

  /**
   * @param perSecond sustained events per second
   * @param burst events at once after a quiet time
   */
  public RateLimit(int perSecond, int burst) {
    intervalNanos = NANOS / perSecond;
    toleranceNanos = intervalNanos * (burst - 1L);
  }

  /**
   * How long an event that arrives now has to wait.
   *
   * @param arrival the state, a {@link System#nanoTime}; any time in the past to begin with
   * @return nanoseconds; 0 where it may pass at once
   */
  public long waitNanos(long arrival, long nowNanos) {
    return Math.max(0, arrival - nowNanos - toleranceNanos);
  }

  /** How long after one event the next may pass, once the burst is used up. */
  long intervalNanos() {
    return intervalNanos;
  }

  /** The state after an event has passed. */
  public long next(long arrival, long nowNanos) {
    return Math.max(arrival - nowNanos, 0) + nowNanos + intervalNanos;
  }
}
