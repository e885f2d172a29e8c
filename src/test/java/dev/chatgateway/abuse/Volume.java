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

  /** The seed of this JVM. */
  static long seed() {
    return SEED;
  }
}
