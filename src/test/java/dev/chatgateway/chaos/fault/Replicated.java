package dev.chatgateway.chaos.fault;

import dev.chatgateway.testing.PodSpec;
import dev.chatgateway.testing.RedisCluster;
import dev.chatgateway.testing.RedisGroup;
import dev.chatgateway.testing.RedisProgram;
import dev.chatgateway.testing.RedisSentinels;
import dev.chatgateway.testing.RedisSetup;

/**
 * Servers with replicas, set up so as to lose nothing, as {@code docs/redis.md} says: but for the
 * replicas that a message waits for, which may be none.
 */
public final class Replicated<G extends RedisGroup> implements Store {
  private final G redis;
  private final int waitReplicas;

  private Replicated(G redis, int waitReplicas) {
    this.redis = redis;
    this.waitReplicas = waitReplicas;
  }

  /** A primary with two replicas, and three sentinels. */
  public static Replicated<RedisSentinels> sentinels(int waitReplicas) {
    return new Replicated<>(RedisSentinels.start(careful()), waitReplicas);
  }

  /** Three primaries with a replica each; skipped before Redis 7. */
  public static Replicated<RedisCluster> cluster(int waitReplicas) {
    return new Replicated<>(
        RedisCluster.start(careful().program(RedisProgram.installed().requireSeven())),
        waitReplicas);
  }

  private static RedisSetup careful() {
    return new RedisSetup()
        .config("appendonly", "yes")
        .config("appendfsync", "everysec")
        .config("min-replicas-to-write", "1")
        .config("min-replicas-max-lag", "2");
  }

  @Override
  public void configure(PodSpec pod) {
    pod.set(redis.gatewaySettings());
    pod.set("chat.redis.wait-replicas", Integer.toString(waitReplicas));
  }

  public G redis() {
    return redis;
  }

  @Override
  public void close() {
    redis.close();
  }
}
