package dev.chatgateway.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * How the gateway uses Redis. Where Redis is, and with which credentials, is said by the standard
 * {@code quarkus.redis.*} properties.
 */
@ConfigMapping(prefix = "chat.redis")
public interface RedisConfig {
  /** What every key and channel begins with; lets several gateways share one Redis. */
  @WithDefault("chat:")
  @Pattern(regexp = "[A-Za-z0-9_.:-]{1,32}") String keyPrefix();

  /** How long a command may take before its outcome counts as unknown. */
  @WithDefault("2s")
  @DurationMin(millis = 50)
  Duration commandTimeout();

  /** Commands in flight per event loop beyond which further ones are refused at once. */
  @WithDefault("1024")
  @Min(16) @Max(2000) // the client's own bound (max-waiting-handlers) is 2048
  int maxInFlight();

  /**
   * Each event loop writes to Redis at most once in that time, so that under load commands, replies
   * and publications travel together: less CPU, for at most that much more latency. 0 writes each
   * command at once.
   */
  @WithDefault("10ms")
  @DurationMin(millis = 0)
  @DurationMax(millis = 100)
  Duration writeInterval();

  /** How long opening a connection may take. */
  @WithDefault("1500ms")
  @DurationMin(millis = 50)
  Duration connectTimeout();

  /** How often an otherwise quiet connection is probed. */
  @WithDefault("500ms")
  @DurationMin(millis = 50)
  Duration probeInterval();

  /** Silence after which a connection counts as dead and is replaced. */
  @WithDefault("2s")
  @DurationMin(millis = 200)
  Duration silence();

  /** First and longest pause between attempts to connect. */
  @WithDefault("50ms")
  @DurationMin(millis = 1)
  Duration minBackoff();

  /** See {@link #minBackoff()}. */
  @WithDefault("1s")
  @DurationMin(millis = 10)
  Duration maxBackoff();

  /**
   * Whether a ticket's events are published by sharded pub/sub where the server has it (Redis 7 and
   * newer). In a cluster they then reach the one server of their slot instead of all.
   */
  @WithDefault("true")
  boolean shardedPubSub();

  /** How often the Sentinels, or a node of the cluster, are asked which servers are primaries. */
  @WithDefault("1s")
  @DurationMin(millis = 100)
  Duration topologyInterval();

  /**
   * How many replicas must have a message, a ticket's closing, a removal or a revocation before it
   * counts as accepted. With 0, a failover may lose what was accepted in its last moments. Replicas
   * that are missing make the gateway answer {@code unavailable}.
   */
  @WithDefault("0")
  @Min(0) @Max(16) int waitReplicas();

  /**
   * How long to wait for those replicas. Everything else of the event loop waits as long. After a wait
   * in vain no other begins for four times as long, and what would need one is refused.
   */
  @WithDefault("500ms")
  @DurationMin(millis = 10)
  @DurationMax(millis = 1500)
  Duration waitTimeout();

  /** Whom the Sentinels know the gateway as, where they ask. */
  Optional<String> sentinelUser();

  /**
   * The password for the Sentinels, where they ask for one. What {@code quarkus.redis.hosts} has is
   * for the servers with the data.
   */
  Optional<String> sentinelPassword();
}
