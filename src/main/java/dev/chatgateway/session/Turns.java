package dev.chatgateway.session;

import java.util.ArrayDeque;

/** Runs what a client asks one after the other, so that its order is kept. Belongs to one loop. */
final class Turns {
  private ArrayDeque<Runnable> waiting;
  private boolean busy;

  /** Whether something runs. */
  boolean isBusy() {
    return busy;
  }

  /**
   * Runs the work when all before it is done; the work calls {@link #done} when it is.
   *
   * @return false where so much waits already
   */
  boolean enqueue(Runnable work, int max) {
    if (!busy) {
      busy = true;
      work.run();
      return true;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    if (waiting.size() >= max) {
      return false;
    }
    waiting.add(work);
    return true;
  }

  void done() {
    Runnable next = waiting == null ? null : waiting.poll();
    if (next == null) {
      busy = false;
      waiting = null;
    } else {
      next.run();
    }
  }

  /** Forgets what waits. */
  void clear() {
    waiting = null;
  }
}
