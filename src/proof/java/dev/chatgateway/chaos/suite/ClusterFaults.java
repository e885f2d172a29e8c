package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Replicated;
import dev.chatgateway.testing.RedisCluster;
import dev.chatgateway.testing.RedisServer;
import java.util.List;

/** What is done to the nodes of a cluster, and to its slots. */
final class ClusterFaults {
  private static final String TARGET = "cluster";

  private ClusterFaults() {}

  /** A primary dies, its replica takes its place, and it comes back as a replica. */
  static void kill(World world) {
    RedisCluster redis = redis(world);
    world.during("SIGKILL of a primary", TARGET, true, () -> {
      world.loses(TARGET, false);
      RedisServer primary = anyPrimary(world);
      int slot = slotOf(world, primary);
      PrimaryFaults.kill(primary, () -> redis.awaitFailover(slot, primary));
      redis.awaitHealthy();
    });
  }

  /** A primary wakes up long after its replica has taken its place. */
  static void freeze(World world) {
    RedisCluster redis = redis(world);
    world.during(
        "SIGSTOP of a primary", TARGET, true, () -> PrimaryFaults.freeze(redis, anyPrimary(world)));
  }

  /** Primaries are replaced while they are well, one after the other. */
  static void failover(World world) {
    RedisCluster redis = redis(world);
    for (RedisServer primary : redis.primaries()) {
      world.during("CLUSTER FAILOVER", TARGET, true, () -> {
        redis.failover(primary);
        redis.awaitHealthy();
      });
      World.last(PrimaryFaults.AWAY_MS / 2);
    }
  }

  /** The slots of all tickets move to another primary, one after the other. */
  static void reshard(World world) {
    RedisCluster redis = redis(world);
    world.during("resharding", TARGET, false, () -> {
      List<RedisServer> primaries = redis.primaries();
      for (String ticket : world.workload().tickets()) {
        int slot = RedisCluster.ticketSlot(ticket);
        int at = primaries.indexOf(redis.owner(slot));
        redis.move(slot, primaries.get((at + 1) % primaries.size())).run();
        World.last(500);
      }
      redis.awaitHealthy();
    });
  }

  static void killPubSub(World world) {
    RedisFaults.killPubSub(world, TARGET, () -> redis(world).nodes());
  }

  static void killNormal(World world) {
    RedisFaults.killNormal(world, TARGET, () -> redis(world).nodes());
  }

  private static RedisServer anyPrimary(World world) {
    List<RedisServer> primaries = redis(world).primaries();
    return primaries.get(world.random().nextInt(primaries.size()));
  }

  /** A slot that it has. */
  private static int slotOf(World world, RedisServer primary) {
    return RedisCluster.ticketSlot(redis(world).ticketOn(primary, 1));
  }

  private static RedisCluster redis(World world) {
    return (RedisCluster) ((Replicated<?>) world.store()).redis();
  }
}
