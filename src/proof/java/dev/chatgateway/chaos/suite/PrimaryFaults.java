package dev.chatgateway.chaos.suite;

import dev.chatgateway.testing.RedisGroup;
import dev.chatgateway.testing.RedisServer;

/** What is done to a primary that has replicas, whoever decides which of them takes its place. */
final class PrimaryFaults {
  static final long AWAY_MS = 4000;
  private static final long FROZEN_MS = 20_000;

  private PrimaryFaults() {}

  /** It dies, and is back only after another has taken its place; as a replica, then. */
  static void kill(RedisServer primary, Runnable awaitFailover) {
    primary.kill();
    awaitFailover.run();
    World.last(AWAY_MS);
    primary.start();
  }

  /** It wakes up long after another has taken its place. */
  static void freeze(RedisGroup redis, RedisServer primary) {
    primary.freeze();
    try {
      World.last(FROZEN_MS);
    } finally {
      primary.resume();
    }
    redis.awaitHealthy();
  }
}
