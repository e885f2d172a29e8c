package dev.chatgateway.ops;

import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Whether the event loops still turn: what liveness means here. */
public final class Progress {
  private static final long BEAT_MS = 1000;
  // A pause this long is a process that hangs, not a collector at work.
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final AtomicLongArray beats;

  public Progress(Loops loops) {
    beats = new AtomicLongArray(loops.all().size());
    for (Loop loop : loops.all()) {
      beats.set(loop.index(), System.nanoTime());
      loop.every(BEAT_MS, () -> beats.set(loop.index(), System.nanoTime()));
    }
  }

  /** Whether every loop has turned lately. */
  public boolean isAlive() {
    long now = System.nanoTime();
    for (int i = 0; i < beats.length(); i++) {
      if (now - beats.get(i) > STUCK_NANOS) {
        return false;
      }
    }
    return true;
  }
}
