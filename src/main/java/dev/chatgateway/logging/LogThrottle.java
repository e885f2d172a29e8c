package dev.chatgateway.logging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Admits one log line per interval, so that nobody can fill the log. May be used from any thread. */
public final class LogThrottle {
  private final long everyNanos;
  private final LongSupplier nanos;
  private final AtomicLong next;

  /** Creates a throttle that admits the first line, and then one per interval. */
  public LogThrottle(Duration every) {
    this(every, System::nanoTime);
  }

  /**
   * Creates a throttle with a clock of its own.
   *
   * @param nanos a clock as {@link System#nanoTime}
   */
  public LogThrottle(Duration every, LongSupplier nanos) {
    this.everyNanos = every.toNanos();
    this.nanos = nanos;
    this.next = new AtomicLong(nanos.getAsLong());
  }

  /** Returns whether a line may be logged now, which counts as logged then. */
  public boolean admits() {
    long now = nanos.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + everyNanos);
  }

  /** Admits the next line, however soon it comes. */
  public void reset() {
    next.set(nanos.getAsLong());
  }
}
