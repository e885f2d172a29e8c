package dev.chatgateway.redis;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Names the epochs of tickets: {@code <birth>_<random>}. The birth is Redis's time in ms when a script
 * began the epoch.
 *
 * <p>The birth tells which epochs survive a loss. A pod that misses its mark knows when it left the
 * mark, and what the store holds is older than the mark or newer than the loss. So an epoch born
 * after the mark began after the loss and is valid; an older one may have lost messages, and whoever
 * resumes in it starts over. One loss thus begins one new epoch of a ticket, whoever notices it first.
 *
 * <p>Thread-safe.
 */
public final class Epochs {
  private volatile long generation;

  /** Returns the random part of a new name: 40 bits. */
  public String next() {
    return Long.toString(ThreadLocalRandom.current().nextLong(1L << 35, 1L << 40), 32);
  }

  /** Returns the earliest birth of a valid epoch as far as this pod knows; 0 if all are valid. */
  public long generation() {
    return generation;
  }

  /** Sets the earliest birth of a valid epoch. */
  public void generation(long now) {
    generation = now;
  }
}
