package dev.chatgateway.session;

import java.util.ArrayDeque;

/**
 * Runs what a client asks one after the other, so that its order is kept, and bounds what waits.
 * Belongs to one loop.
 */
final class Turns {
  private static final long SHORTEST_WAIT_MS = 100;
  private static final int SMOOTHING = 8;

  private ArrayDeque<Turn> waiting;
  private long waitingBytes;
  private boolean busy;
  private long begunNanos;
  private long usualNanos;

  private record Turn(Runnable work, int bytes) {}

  /** Whether something runs. */
  boolean isBusy() {
    return busy;
  }

  /**
   * Runs the work when all before it is done; the work calls {@link #done} when it is.
   *
   * @param bytes what it takes while it waits, about
   * @param max how many may wait
   * @param maxBytes how much may wait, but for one
   * @return false where so much waits already
   */
  boolean enqueue(Runnable work, int bytes, int max, long maxBytes) {
    if (!busy) {
      busy = true;
      begunNanos = System.nanoTime();
      work.run();
      return true;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    if (waiting.size() >= max || (waitingBytes > 0 && waitingBytes + bytes > maxBytes)) {
      return false;
    }
    waiting.add(new Turn(work, bytes));
    waitingBytes += bytes;
    return true;
  }

  /** Runs the work when all before it is done, however much waits. */
  void enqueue(Runnable work) {
    enqueue(work, 0, Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /** How long it takes until all that waits has had its turn, if those take as long as the last. */
  long waitMs() {
    int ahead = waiting == null ? 1 : waiting.size() + 1;
    long underWay = Math.max(usualNanos, System.nanoTime() - begunNanos);
    return Math.max(SHORTEST_WAIT_MS, ahead * underWay / 1_000_000);
  }

  void done() {
    long now = System.nanoTime();
    usualNanos += (now - begunNanos - usualNanos) / SMOOTHING;
    Turn next = waiting == null ? null : waiting.poll();
    if (next == null) {
      busy = false;
      waiting = null;
      waitingBytes = 0;
    } else {
      waitingBytes -= next.bytes;
      begunNanos = now;
      next.work.run();
    }
  }

  /** Forgets what waits. */
  void clear() {
    waiting = null;
    waitingBytes = 0;
  }
}
