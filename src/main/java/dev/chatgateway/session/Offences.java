package dev.chatgateway.session;

/** What a client has done wrong within the last minute. */
final class Offences {
  private static final long COUNTED_NANOS = 60_000_000_000L;

  private long sinceNanos = System.nanoTime();
  private int badFrames;
  private int refusedFrames;

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

  private void countAnew() {
    long now = System.nanoTime();
    if (now - sinceNanos > COUNTED_NANOS) {
      sinceNanos = now;
      badFrames = 0;
      refusedFrames = 0;
    }
  }
}
