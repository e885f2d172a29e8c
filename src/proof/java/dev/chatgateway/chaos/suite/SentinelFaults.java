package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Replicated;
import dev.chatgateway.testing.RedisSentinels;
import dev.chatgateway.testing.RedisServer;

/** What is done to a primary and its replicas, and to the sentinels that watch them. */
final class SentinelFaults {
  private static final String TARGET = "sentinels";

  private SentinelFaults() {}

  /** The primary dies, another takes its place, and it comes back as a replica. */
  static void kill(World world) {
    RedisSentinels redis = redis(world);
    world.during("SIGKILL of the primary", TARGET, true, () -> {
      RedisServer primary = redis.primary();
      PrimaryFaults.kill(primary, () -> redis.awaitFailover(primary));
      redis.awaitHealthy();
    });
  }

  /** The primary wakes up long after another has taken its place. */
  static void freeze(World world) {
    RedisSentinels redis = redis(world);
    world.during(
        "SIGSTOP of the primary", TARGET, true, () -> PrimaryFaults.freeze(redis, redis.primary()));
  }

  /** The primary is replaced while it is well, twice. */
  static void failover(World world) {
    RedisSentinels redis = redis(world);
    for (int i = 0; i < 2; i++) {
      world.during("SENTINEL FAILOVER", TARGET, true, () -> {
        world.loses(TARGET, false);
        redis.failover();
        redis.awaitHealthy();
      });
      World.last(PrimaryFaults.AWAY_MS);
    }
  }

  /** The primary dies together with one of those who are to see it. */
  static void killBoth(World world) {
    RedisSentinels redis = redis(world);
    world.during("SIGKILL of a sentinel and the primary", TARGET, true, () -> {
      RedisServer primary = redis.primary();
      RedisServer sentinel =
          redis.sentinels().get(world.random().nextInt(redis.sentinels().size()));
      sentinel.kill();
      PrimaryFaults.kill(primary, () -> redis.awaitFailover(primary));
      sentinel.start();
      redis.awaitHealthy();
    });
  }

  static void killPubSub(World world) {
    RedisFaults.killPubSub(world, TARGET, () -> redis(world).nodes());
  }

  private static RedisSentinels redis(World world) {
    return (RedisSentinels) ((Replicated<?>) world.store()).redis();
  }
}
