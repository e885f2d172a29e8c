package dev.chatgateway.abuse;

import java.util.Random;

/**
 * How much is thrown at the gateway, and from which seed: little unless {@code chat.chaos} is {@code
 * full}; the seed is printed, and {@code chat.chaos.seed} sets it.
 */
final class Volume {
  private static final long SEED = Long.getLong("chat.chaos.seed", new Random().nextLong());

  private Volume() {}

  static boolean isFull() {
    return "full".equals(System.getProperty("chat.chaos"));
  }

  /** The one number in any build, the other in a full run. */
  static int of(int small, int full) {
    return isFull() ? full : small;
  }

  /** The seed of this JVM; printed, so that a failure can be had again. */
  static long seed(String what) {
    System.out.printf("%s: -Dchat.chaos.seed=%d%n", what, SEED);
    return SEED;
  }
}
