package dev.chatgateway.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What is counted of the traffic with Redis. */
public final class RedisMetrics {
  private final Timer latency;
  private final Timer relayLag;
  private final Counter refused;
  private final Counter unknown;
  private final Counter failed;
  private final Counter unreplicated;
  private final Counter disconnected;
  private final Counter redirected;
  private final Counter switched;

  public RedisMetrics(MeterRegistry registry) {
    latency = Timer.builder("chat.redis.command")
        .description("Time from asking for a command to its answer, waiting to be written included")
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(500))
        .register(registry);
    relayLag = Timer.builder("chat.relay.lag")
        .description("Time from publishing to this pod's own channel to hearing it")
        .serviceLevelObjectives(
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(500))
        .register(registry);
    refused = error(registry, "refused");
    unknown = error(registry, "unknown");
    failed = error(registry, "error");
    unreplicated = error(registry, "unreplicated");
    redirected = Counter.builder("chat.redis.redirects")
        .description("Commands that a node of a cluster sent elsewhere")
        .register(registry);
    switched = Counter.builder("chat.redis.topology.changes")
        .description("Times that another server became primary, or slots moved")
        .register(registry);
    disconnected = Counter.builder("chat.redis.disconnects")
        .description("Connections to Redis that were lost")
        .register(registry);
  }

  private static Counter error(MeterRegistry registry, String outcome) {
    return Counter.builder("chat.redis.command.errors")
        .description("Commands without an answer that could be used")
        .tag("outcome", outcome)
        .register(registry);
  }

  void answered(long nanos) {
    latency.record(nanos, TimeUnit.NANOSECONDS);
  }

  void relayed(long nanos) {
    relayLag.record(nanos, TimeUnit.NANOSECONDS);
  }

  void refused() {
    refused.increment();
  }

  void unknown() {
    unknown.increment();
  }

  void failed() {
    failed.increment();
  }

  void unreplicated() {
    unreplicated.increment();
  }

  void redirected() {
    redirected.increment();
  }

  void switched() {
    switched.increment();
  }

  void disconnected() {
    disconnected.increment();
  }
}
