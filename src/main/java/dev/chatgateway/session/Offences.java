package dev.chatgateway.session;

import java.util.Arrays;

/** What a client has done wrong within the last minute. */
final class Offences {
  private static final long COUNTED_NANOS = 60_000_000_000L;

  private long sinceNanos = System.nanoTime();
  private int badFrames;
  private int refusedFrames;
  private long[] promised;

  /** Counts a bad frame; gives how many there are. */
  int bad() {
    countAnew();
    return ++badFrames;
  }

  /** Counts a frame refused by a rate limit; gives how many there are. */
  int refused() {
    countAnew();
    return ++refusedFrames;
  }

  /**
   * When to try again what a rate refused: several that were refused at once have their turn one
   * after the other.
   *
   * @param place of what is limited, see {@link Session#arrivals}
   * @param waitNanos until the rate lets one pass
   * @param intervalNanos until it lets the next pass
   * @return nanoseconds to wait
   */
  long promise(int place, long nowNanos, long waitNanos, long intervalNanos) {
    if (promised == null) {
      promised = new long[Session.Limited.values().length];
      Arrays.fill(promised, nowNanos);
    }
    long wait = Math.max(waitNanos, promised[place] - nowNanos);
    promised[place] = nowNanos + wait + intervalNanos;
    return wait;
  }

  private void countAnew() {
    long now = System.nanoTime();
    if (now - sinceNanos > COUNTED_NANOS) {
      sinceNanos = now;
      badFrames = 0;
      refusedFrames = 0;
    }
  }
}
