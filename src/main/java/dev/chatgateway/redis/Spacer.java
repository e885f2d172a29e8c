package dev.chatgateway.redis;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets things pass once per interval: the first after a pause at once, and what comes before the
 * interval is over together at its end, in order. An interval of 0 holds nothing. Belongs to one
 * loop.
 *
 * @param <T> what passes
 */
final class Spacer<T> {
  private final EventLoop loop;
  private final LongSupplier clock;
  private final long intervalNanos;
  private final Consumer<T> pass;
  private final Runnable passed;
  private final ArrayDeque<T> held = new ArrayDeque<>();
  private long lastNanos;
  private ScheduledFuture<?> timer; // null where nothing is held

  /**
   * @param clock nanoseconds, as {@link System#nanoTime()}
   * @param pass called on the loop for each that passes
   * @param passed called on the loop after those that passed together
   */
  Spacer(EventLoop loop, LongSupplier clock, Duration interval, Consumer<T> pass, Runnable passed) {
    this.loop = loop;
    this.clock = clock;
    this.intervalNanos = interval.toNanos();
    this.pass = pass;
    this.passed = passed;
    this.lastNanos = clock.getAsLong() - intervalNanos;
  }

  /** Lets the item pass, now or when the interval is over. */
  void add(T item) {
    long now = clock.getAsLong();
    if (timer == null && now - lastNanos >= intervalNanos) {
      lastNanos = now;
      pass.accept(item);
      passed.run();
      return;
    }
    held.add(item);
    if (timer == null) {
      hold(lastNanos + intervalNanos - now);
    }
  }

  private void hold(long nanos) {
    timer = loop.schedule(this::release, nanos, TimeUnit.NANOSECONDS);
  }

  private void release() {
    lastNanos = clock.getAsLong();
    try {
      for (T item = held.poll(); item != null; item = held.poll()) {
        pass.accept(item);
      }
      passed.run();
    } finally {
      timer = null;
      if (!held.isEmpty()) {
        hold(intervalNanos); // one of them failed
      }
    }
  }

  /** Takes back what is held: it will not pass. */
  void clear(Consumer<T> action) {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    for (T item = held.poll(); item != null; item = held.poll()) {
      action.accept(item);
    }
  }
}
