package dev.chatgateway.chaos.workload;

import java.util.Random;

/** How long a client waits before it connects again: longer each time, and never all at once. */
final class Backoff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 3000;

  private final Random random;
  private long bound = FIRST_MS;

  Backoff(Random random) {
    this.random = random;
  }

  /** The time to wait now. */
  long next() {
    long wait = bound / 2 + random.nextInt((int) bound);
    bound = Math.min(LONGEST_MS, bound * 2);
    return wait;
  }

  /** It worked. */
  void reset() {
    bound = FIRST_MS;
  }
}
