package dev.chatgateway.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Admits one log line per interval, so that nobody can fill the log. From any thread. */
public final class LogThrottle {
  private final long everyNanos;
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

  /** Creates a throttle that admits the first line, and then one per interval. */
  public LogThrottle(long everySeconds) {
    this.everyNanos = TimeUnit.SECONDS.toNanos(everySeconds);
  }

  /** Returns whether a line may be logged now, which counts as logged then. */
  public boolean admits() {
    long now = System.nanoTime();
    long next = nextNanos.get();
    return now - next >= 0 && nextNanos.compareAndSet(next, now + everyNanos);
  }
}
