package dev.chatgateway.chaos.fault;

import java.util.Random;

/** How long bytes are under way: a time, give or take some jitter. On one event loop. */
final class Delay {
  private final Random random;
  private int ms;
  private int jitterMs;

  Delay(Random random) {
    this.random = random;
  }

  void set(int ms, int jitterMs) {
    this.ms = ms;
    this.jitterMs = jitterMs;
  }

  /** The time the next bytes take. */
  long next() {
    return jitterMs == 0 ? ms : Math.max(0, ms - jitterMs + random.nextInt(2 * jitterMs + 1));
  }
}
