package dev.chatgateway.ops;

import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What is measured of the pod as a whole: whether it serves, how full it may get, how late it is. */
public final class PodMetrics {
  // Ten wake-ups a second and loop: too few to cost anything, enough to meet what blocks a loop.
  private static final long LOOK_EVERY_MS = 100;

  private PodMetrics() {}

  /** Makes the registry measure the pod from now on. */
  public static void register(
      MeterRegistry registry, Loops loops, StoreHealth health, Drain drain, LimitsConfig limits) {
    gauge(
        registry,
        "chat.store.reachable",
        health,
        "1 while the pod reaches Redis and may write there, else 0",
        it -> it.isStarted() && !it.isDegraded());
    gauge(
        registry,
        "chat.draining",
        drain,
        "1 while the pod sends its clients away, else 0",
        it -> it.isDraining());
    Gauge.builder("chat.connections.limit", limits, LimitsConfig::connections)
        .description("Connections the pod may hold")
        .strongReference(true)
        .register(registry);
    Timer lag = Timer.builder("chat.loop.lag")
        .description("Time by which a task of an event loop was late, of all loops")
        .serviceLevelObjectives(
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(500))
        .register(registry);
    loops.all().forEach(loop -> watch(loop, lag));
  }

  private static <T> void gauge(
      MeterRegistry registry, String name, T of, String description, Question<T> question) {
    Gauge.builder(name, of, it -> question.isSo(it) ? 1 : 0)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  @FunctionalInterface
  private interface Question<T> {
    boolean isSo(T of);
  }

  private static void watch(Loop loop, Timer lag) {
    long everyNanos = TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MS);
    // Touched on the loop only; the delay to the next look begins with the end of this one.
    long[] dueNanos = {System.nanoTime() + everyNanos};
    loop.every(LOOK_EVERY_MS, () -> {
      lag.record(Math.max(0, System.nanoTime() - dueNanos[0]), TimeUnit.NANOSECONDS);
      dueNanos[0] = System.nanoTime() + everyNanos;
    });
  }
}
