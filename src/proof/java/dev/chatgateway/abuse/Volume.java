package dev.chatgateway.abuse;

import java.util.Random;

/**
 * How much is thrown at each door, and from which seed: little unless {@code chat.chaos} is {@code
 * full}, or as {@code chat.fuzz.frames} says; the seed is printed, and {@code chat.chaos.seed} sets it.
 */
final class Volume {
  private static final long SMALL = 4_000;
  private static final long FULL = 1_000_000;
  private static final long FRAMES = Long.getLong("chat.fuzz.frames", isFull() ? FULL : SMALL);
  private static final long SEED = Long.getLong("chat.chaos.seed", new Random().nextInt());

  private Volume() {}

  static boolean isFull() {
    return "full".equals(System.getProperty("chat.chaos"));
  }

  /** That share of the messages for a door. */
  static long percent(int share) {
    return FRAMES * share / 100;
  }

  /** The one number in any build, the other in a full run. */
  static int of(int small, int full) {
    return isFull() ? full : small;
  }

  /** The seed of this JVM. */
  static long seed() {
    return SEED;
  }

  /** The seed of this JVM; printed, so that a failure can be had again. */
  static long seed(String what) {
    System.out.printf("%s: -Dchat.chaos.seed=%d%n", what, SEED);
    return SEED;
  }
}
