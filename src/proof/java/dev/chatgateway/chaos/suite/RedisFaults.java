package dev.chatgateway.chaos.suite;

import dev.chatgateway.testing.RedisServer;
import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** What is done to the Redis server. */
final class RedisFaults {
  private static final String TARGET = "redis";
  private static final int TIMES = 5;
  private static final long OLDER_MS = 6000;
  private static final long HEARD_MS = 4000;
  // Longer than pods listen to rooms that are empty.
  private static final long UNHEARD_MS = 8000;
  private static final long REGROWN_MS = 16_000;
  private static final int JUNK_BYTES = 2 << 20;

  private RedisFaults() {}

  static void killPubSub(World world) {
    killPubSub(world, TARGET, () -> List.of(redis(world)));
  }

  static void killNormal(World world) {
    killNormal(world, TARGET, () -> List.of(redis(world)));
  }

  /** At those servers, again and again. */
  static void killPubSub(World world, String target, Supplier<List<RedisServer>> servers) {
    kill(world, target, servers, "CLIENT KILL TYPE pubsub", false, ClientType.PUBSUB);
  }

  /** At those servers, again and again. */
  static void killNormal(World world, String target, Supplier<List<RedisServer>> servers) {
    kill(world, target, servers, "CLIENT KILL TYPE normal", true, ClientType.NORMAL);
  }

  private static void kill(
      World world,
      String target,
      Supplier<List<RedisServer>> servers,
      String name,
      boolean storeAway,
      ClientType type) {
    for (int i = 0; i < TIMES; i++) {
      // Over at once: pods can connect again.
      world.during(name, target, storeAway, () -> {
        for (RedisServer server : servers.get()) {
          server.run(jedis -> jedis.clientKill(
              new ClientKillParams().type(type).skipMe(ClientKillParams.SkipMe.YES)));
        }
      });
      World.last(2000);
    }
  }

  static void clientPause(World world) {
    for (long ms : new long[] {1000, 3000, 6000}) {
      world.during("CLIENT PAUSE", TARGET, true, () -> {
        redis(world).run(jedis -> jedis.clientPause(ms));
        World.last(ms);
      });
      World.last(2000);
    }
  }

  static void freeze(World world) {
    world.during("SIGSTOP", TARGET, true, () -> {
      redis(world).freeze();
      try {
        World.last(20_000);
      } finally {
        redis(world).resume();
      }
    });
  }

  static void restart(World world) {
    for (int i = 0; i < 2; i++) {
      world.during("restart", TARGET, true, () -> {
        redis(world).kill();
        World.last(2000);
        redis(world).start();
      });
      World.last(5000);
    }
  }

  static void restartEmpty(World world) {
    world.during("restart empty", TARGET, true, () -> {
      world.loses(TARGET, true);
      redis(world).kill();
      redis(world).eraseData();
      World.last(2000);
      redis(world).start();
    });
  }

  /** It is started from what it had on disk some seconds before. */
  static void restartOlder(World world) {
    world.during("restart from an older copy", TARGET, true, () -> {
      world.loses(TARGET, false);
      redis(world).putAside();
      World.last(OLDER_MS);
      redis(world).kill();
      redis(world).bringBack();
      World.last(2000);
      redis(world).start();
    });
  }

  /**
   * The same, while nobody is connected: when they are back, the ticket system has published more
   * than was lost.
   */
  static void restartOlderUnheard(World world) {
    world.during("restart from an older copy", TARGET, true, () -> {
      world.loses(TARGET, false);
      redis(world).putAside();
      World.last(HEARD_MS);
      world.workload().hangUp();
      World.last(UNHEARD_MS);
      redis(world).kill();
      redis(world).bringBack();
      redis(world).start();
    });
    World.last(REGROWN_MS);
    world.workload().comeBack();
  }

  static void flush(World world) {
    world.during("FLUSHALL", TARGET, false, () -> {
      world.loses(TARGET, true);
      redis(world).run(Jedis::flushAll);
    });
  }

  /** Nothing can be written for a while. */
  static void outOfMemory(World world) {
    world.during("out of memory", TARGET, true, () -> {
      redis(world).run(jedis -> {
        jedis.configSet("maxmemory-policy", "noeviction");
        jedis.configSet("maxmemory", "1mb");
      });
      World.last(10_000);
      redis(world).run(jedis -> jedis.configSet("maxmemory", "0"));
    });
  }

  /** Subscribers are dropped for what waits for them: a publication larger than they may have. */
  static void outputBuffer(World world) {
    world.during("output buffers", TARGET, false, () -> {
      redis(world)
          .run(jedis -> jedis.configSet("client-output-buffer-limit", "pubsub 1mb 256kb 1"));
      for (int i = 0; i < TIMES; i++) {
        redis(world).run(jedis -> jedis.publish("chat:pods", "x".repeat(JUNK_BYTES)));
        World.last(2000);
      }
      redis(world)
          .run(jedis -> jedis.configSet("client-output-buffer-limit", "pubsub 32mb 8mb 60"));
    });
  }

  private static RedisServer redis(World world) {
    return world.standalone().redis();
  }
}
