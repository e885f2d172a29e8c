package dev.chatgateway.redis;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Names the epochs of tickets: 60 random bits, after the generation of the store in which the epoch
 * began, unless that is the first. From any thread.
 */
public final class Epochs {
  private volatile long generation;

  /** A name unlike any before it. */
  public String next() {
    long now = generation;
    String random = Long.toString(ThreadLocalRandom.current().nextLong(1L << 59, 1L << 60), 32);
    return now == 0 ? random : now + "_" + random;
  }

  /** The store's generation, as far as this pod knows. */
  public long generation() {
    return generation;
  }

  /** The store is of that generation. */
  public void generation(long now) {
    generation = now;
  }
}
