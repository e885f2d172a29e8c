package dev.chatgateway.ops;

import java.time.Duration;

/**
 * How old a connection may become: about so old, each a little different, so that those that came
 * together do not go together.
 *
 * @param maxAge in the middle
 */
record AgeLimit(Duration maxAge) {
  private static final double JITTER = 0.1;
  // The golden ratio as a fraction of 2^64: its multiples spread evenly over that range.
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Whether the connection of that number has been here for long enough. */
  boolean isReached(long number, long openedNanos, long nowNanos) {
    return nowNanos - openedNanos >= limitNanos(number);
  }

  /** The limit of the connection of that number: always the same, within a tenth of the age. */
  long limitNanos(long number) {
    double spread = (double) (number * GOLDEN) / Long.MIN_VALUE; // from -1 to 1
    return Math.round(maxAge.toNanos() * (1 + JITTER * spread));
  }
}
