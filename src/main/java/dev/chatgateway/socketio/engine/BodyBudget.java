package dev.chatgateway.socketio.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes of polling bodies that are being read, all sessions together. The first bytes of
 * each body are free, so that small requests work whatever others send; strangers may take a
 * quarter of the rest. May be called from anywhere.
 */
final class BodyBudget {
  static final int FREE = 16_384;

  private static final int STRANGERS_PART = 4;

  private final long max;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long max) {
    this.max = max;
  }

  /** Takes bytes, unless too many are taken; returns whether it did. */
  boolean take(int bytes, boolean stranger) {
    long limit = stranger ? max / STRANGERS_PART : max;
    if (taken.addAndGet(bytes) <= limit) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives bytes back. */
  void release(int bytes) {
    taken.addAndGet(-bytes);
  }

  long taken() {
    return taken.get();
  }
}
