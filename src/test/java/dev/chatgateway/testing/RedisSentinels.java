package dev.chatgateway.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ClientKillParams;

/**
 * A primary with two replicas, watched by three sentinels that need {@value #DOWN_AFTER_MS} ms to
 * see it dead. Each of the six is a {@link RedisServer} to be killed or frozen by itself.
 */
public final class RedisSentinels extends RedisGroup {
  /** What the sentinels call the primary. */
  public static final String NAME = "chat";

  private static final int DOWN_AFTER_MS = 1500;
  private static final int FAILOVER_TIMEOUT_MS = 4000;
  private static final int COUNT = 3;
  private static final int QUORUM = 2;

  private final List<RedisServer> sentinels = new ArrayList<>();

  private RedisSentinels(RedisSetup setup) {
    super(setup);
  }

  public static RedisSentinels start() {
    return start(new RedisSetup());
  }

  /** All six, of which each knows all others. */
  public static RedisSentinels start(RedisSetup setup) {
    RedisSentinels all = new RedisSentinels(setup);
    all.begin();
    return all;
  }

  @Override
  void startAll() {
    RedisSetup node = nodeSetup();
    nodes.add(RedisServer.start("node", node));
    String primary = "127.0.0.1 " + nodes.get(0).port();
    for (int i = 1; i < COUNT; i++) {
      nodes.add(RedisServer.start("node", node.copy().config("replicaof", primary)));
    }
    RedisSetup sentinel = new RedisSetup()
        .program(setup.program())
        .config("sentinel monitor", NAME + " " + primary + " " + QUORUM)
        .config("sentinel down-after-milliseconds", NAME + " " + DOWN_AFTER_MS)
        .config("sentinel failover-timeout", NAME + " " + FAILOVER_TIMEOUT_MS)
        .config("sentinel parallel-syncs", NAME + " 2")
        .config("sentinel auth-user", NAME + " " + RedisUsers.SENTINEL)
        .config("sentinel auth-pass", NAME + " " + RedisUsers.SENTINEL_PASSWORD)
        .config("sentinel sentinel-user", RedisUsers.SENTINEL)
        .config("sentinel sentinel-pass", RedisUsers.SENTINEL_PASSWORD);
    if (setup.tls() != null) {
      sentinel.tls(setup.tls());
    }
    if (setup.hasLockedSentinels()) {
      sentinel.lockedSentinels();
    }
    for (int i = 0; i < COUNT; i++) {
      sentinels.add(RedisServer.startSentinel("sentinel", sentinel));
    }
  }

  // --- who is who

  public List<RedisServer> sentinels() {
    return List.copyOf(sentinels);
  }

  @Override
  public String[] gatewaySettings() {
    List<String> settings = new ArrayList<>(List.of(
        "quarkus.redis.client-type",
        "sentinel",
        "quarkus.redis.hosts",
        seeds(sentinels),
        "quarkus.redis.master-name",
        NAME));
    if (setup.tls() != null) {
      settings.addAll(List.of(setup.tls().gatewaySettings()));
    }
    if (setup.hasLockedSentinels()) {
      settings.addAll(List.of(
          "chat.redis.sentinel-user", RedisUsers.GATEWAY,
          "chat.redis.sentinel-password", RedisUsers.GATEWAY_PASSWORD));
    }
    return settings.toArray(String[]::new);
  }

  /** Whom most of the sentinels that are well call the primary. */
  public RedisServer primary() {
    return named().orElseThrow(() -> new IllegalStateException("the sentinels don't agree"));
  }

  /** The other two. */
  public List<RedisServer> replicas() {
    RedisServer primary = primary();
    return nodes.stream().filter(node -> node != primary).toList();
  }

  private Optional<RedisServer> named() {
    Map<RedisServer, Integer> votes = new HashMap<>();
    for (RedisServer sentinel : sentinels) {
      if (sentinel.isWell()) {
        List<String> address = sentinel.ask(redis -> redis.sentinelGetMasterAddrByName(NAME));
        nodes.stream()
            .filter(node -> Integer.toString(node.port()).equals(address.get(1)))
            .forEach(node -> votes.merge(node, 1, Integer::sum));
      }
    }
    return votes.entrySet().stream()
        .filter(vote -> vote.getValue() >= QUORUM)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  // --- what happens to them

  /** Has the sentinels put another in the place of a primary that is well, and waits for it. */
  public RedisServer failover() {
    RedisServer before = primary();
    eventually("sentinels that begin a failover", () -> {
      try {
        return wellSentinel().ask(redis -> redis.sentinelFailover(NAME)).equals("OK");
      } catch (JedisException notYet) {
        return false; // NOGOODSLAVE, INPROG
      }
    });
    return awaitFailover(before);
  }

  /** Waits until there is another primary than that one, and returns it. */
  public RedisServer awaitFailover(RedisServer from) {
    eventually(
        "another primary than " + from,
        () -> named().filter(now -> now != from && isPrimary(now)).isPresent());
    return primary();
  }

  /**
   * Cuts a node off from its replicas and the sentinels, while clients still reach it: whatever
   * they ask of it is refused, until {@link #rejoin}.
   */
  public void isolate(RedisServer node) {
    node.run(redis -> {
      for (String user : List.of(RedisUsers.REPLICA, RedisUsers.SENTINEL)) {
        redis.aclSetUser(user, "off");
        redis.sendCommand(Protocol.Command.CLIENT, "KILL", "USER", user);
      }
    });
  }

  /** Ends what {@link #isolate} did. */
  public void rejoin(RedisServer node) {
    node.run(redis -> {
      redis.aclSetUser(RedisUsers.REPLICA, "on");
      redis.aclSetUser(RedisUsers.SENTINEL, "on");
    });
  }

  /** From now on nobody who doesn't log in hears of what the sentinels do; asking them goes on. */
  public void hideEvents() {
    for (RedisServer sentinel : sentinels) {
      sentinel.run(redis -> {
        for (String user : List.of("default", RedisUsers.GATEWAY)) {
          redis.aclSetUser(user, "-subscribe", "-psubscribe");
        }
        redis.clientKill(new ClientKillParams().type(ClientType.PUBSUB));
      });
    }
  }

  @Override
  boolean isHealthy() {
    Optional<RedisServer> primary = named();
    return primary.isPresent()
        && primary.get().isWell()
        && isPrimary(primary.get())
        && onlineReplicas(primary.get()) == COUNT - 1
        && sentinels.stream().allMatch(sentinel -> isContent(sentinel, primary.get()));
  }

  private static boolean isContent(RedisServer sentinel, RedisServer primary) {
    return sentinel.ask(redis -> {
      Map<String, String> master = redis.sentinelMaster(NAME);
      return master.get("port").equals(Integer.toString(primary.port()))
          && master.get("flags").equals("master")
          && master.get("num-other-sentinels").equals(Integer.toString(COUNT - 1))
          && redis.sentinelReplicas(NAME).stream()
                  .filter(replica -> replica.get("flags").equals("slave"))
                  .filter(replica -> replica.get("master-link-status").equals("ok"))
                  .count()
              == COUNT - 1;
    });
  }

  private static boolean isPrimary(RedisServer node) {
    return node.answers() && node.info("replication").contains("role:master");
  }

  private static long onlineReplicas(RedisServer node) {
    return node.info("replication")
        .lines()
        .filter(line -> line.matches("slave\\d+:.*state=online.*"))
        .count();
  }

  private RedisServer wellSentinel() {
    return sentinels.stream().filter(RedisServer::isWell).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    super.close();
  }
}
