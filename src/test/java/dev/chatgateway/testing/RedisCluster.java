package dev.chatgateway.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A Redis Cluster of three primaries with a replica each, which need {@value #NODE_TIMEOUT_MS} ms to
 * see one dead. Slots whose primary is away keep no others from being served. Each of the six is a
 * {@link RedisServer} to be killed or frozen by itself.
 */
public final class RedisCluster extends RedisGroup {
  private static final int NODE_TIMEOUT_MS = 1500;
  private static final int SHARDS = 3;
  private static final int SLOTS = 16_384;
  private static final Duration FAILOVER_TIME = Duration.ofSeconds(7); // the server's own is 5 s

  private RedisCluster(RedisSetup setup) {
    super(setup);
  }

  public static RedisCluster start() {
    return start(new RedisSetup());
  }

  /** All six, of which each knows all others. */
  public static RedisCluster start(RedisSetup setup) {
    RedisCluster cluster = new RedisCluster(setup);
    cluster.begin();
    return cluster;
  }

  @Override
  void startAll() {
    RedisSetup node = nodeSetup()
        .config("cluster-enabled", "yes")
        .config("cluster-config-file", "nodes.conf")
        .config("cluster-node-timeout", Integer.toString(NODE_TIMEOUT_MS))
        .config("cluster-require-full-coverage", "no");
    for (int i = 0; i < 2 * SHARDS; i++) {
      nodes.add(RedisServer.start("cluster", node));
    }
    for (int i = 0; i < SHARDS; i++) {
      int from = i * SLOTS / SHARDS;
      int to = (i + 1) * SLOTS / SHARDS;
      long epoch = i + 1;
      nodes.get(i).run(redis -> {
        redis.clusterSetConfigEpoch(epoch);
        redis.clusterAddSlots(IntStream.range(from, to).toArray());
      });
    }
    for (RedisServer other : nodes.subList(1, nodes.size())) {
      nodes.get(0).run(redis -> redis.clusterMeet("127.0.0.1", other.port()));
    }
    eventually(
        "nodes that know each other",
        () -> nodes.stream().allMatch(one -> known(one).size() == nodes.size()));
    for (int i = 0; i < SHARDS; i++) {
      String primary = id(nodes.get(i));
      nodes.get(SHARDS + i).run(redis -> redis.clusterReplicate(primary));
    }
  }

  // --- who is who

  @Override
  public String[] gatewaySettings() {
    List<String> settings = new ArrayList<>(
        List.of("quarkus.redis.client-type", "cluster", "quarkus.redis.hosts", seeds(nodes)));
    if (setup.tls() != null) {
      settings.addAll(List.of(setup.tls().gatewaySettings()));
    }
    return settings.toArray(String[]::new);
  }

  /** The nodes that have slots, as most see it. */
  public List<RedisServer> primaries() {
    return nodes.stream().filter(node -> isSeen(node, Seen::isPrimary)).toList();
  }

  /** The slot of a key, or of a channel. */
  public static int slot(String key) {
    return JedisClusterCRC16.getSlot(key);
  }

  /** The node that most see as the slot's primary. */
  public RedisServer owner(int slot) {
    return nodes.stream()
        .filter(node -> isSeen(node, seen -> seen.hasSlot(slot)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody has slot " + slot));
  }

  /** A ticket, from that number on, whose keys that primary has. */
  public int ticketOn(RedisServer primary, int from) {
    return IntStream.iterate(from, i -> i + 1)
        .filter(ticket -> owner(ticketSlot(ticket)) == primary)
        .findFirst()
        .orElseThrow();
  }

  /** The slot of all keys of a ticket. */
  public static int ticketSlot(Object ticket) {
    return slot("{t:" + ticket + "}");
  }

  /** The replica of that primary. */
  public RedisServer replicaOf(RedisServer primary) {
    String id = id(primary);
    return nodes.stream()
        .filter(node -> isSeen(node, seen -> seen.primary().equals(id)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(primary + " has no replica"));
  }

  static String id(RedisServer node) {
    return node.ask(Jedis::clusterMyId);
  }

  // --- what happens to them

  /** Waits until another node has the slot than that one, and returns it. */
  public RedisServer awaitFailover(int slot, RedisServer from) {
    eventually("another primary of slot " + slot + " than " + from, () -> {
      RedisServer now = owner(slot);
      return now != from && now.isWell();
    });
    return owner(slot);
  }

  /** Has the primary's replica take its place while it is well, and waits for it. */
  public RedisServer failover(RedisServer primary) {
    RedisServer replica = replicaOf(primary);
    AtomicLong askedNanos = new AtomicLong(System.nanoTime() - FAILOVER_TIME.toNanos());
    eventually(replica + " as a primary", () -> {
      if (isSeenByAll(replica, Seen::isPrimary)) {
        return true;
      }
      // It is given up where the replica doesn't catch up in its time, as on a busy machine.
      if (System.nanoTime() - askedNanos.get() >= FAILOVER_TIME.toNanos()) {
        askedNanos.set(System.nanoTime());
        try {
          replica.run(redis -> redis.sendCommand(Protocol.Command.CLUSTER, "FAILOVER"));
        } catch (JedisDataException already) {
          return false; // a primary by now, though not all have heard
        }
      }
      return false;
    });
    return replica;
  }

  /** A slot on its way to another primary: nothing has moved yet. */
  public SlotMove move(int slot, RedisServer to) {
    return new SlotMove(nodes, slot, owner(slot), to);
  }

  @Override
  boolean isHealthy() {
    return nodes.stream().allMatch(RedisServer::isWell)
        && nodes.stream().allMatch(this::isContent)
        && nodes.stream().map(RedisCluster::slotsByNode).distinct().count() == 1;
  }

  private boolean isContent(RedisServer node) {
    List<Seen> known = known(node);
    String info = node.ask(Jedis::clusterInfo);
    String replication = node.info("replication");
    return info.contains("cluster_state:ok")
        && info.contains("cluster_slots_ok:" + SLOTS)
        && known.size() == nodes.size()
        && known.stream().allMatch(Seen::isWell)
        && known.stream().filter(Seen::isPrimary).count() == SHARDS
        && (replication.contains("role:master")
            ? replication.contains("state=online")
            : replication.contains("master_link_status:up"));
  }

  private static String slotsByNode(RedisServer node) {
    return known(node).stream()
        .map(seen -> seen.port() + " " + seen.primary() + " " + seen.slots())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  // --- what the nodes say of each other

  private boolean isSeen(RedisServer node, Predicate<Seen> so) {
    List<RedisServer> asked = nodes.stream().filter(RedisServer::isWell).toList();
    return 2 * seenBy(asked, node, so) > asked.size();
  }

  private boolean isSeenByAll(RedisServer node, Predicate<Seen> so) {
    List<RedisServer> asked = nodes.stream().filter(RedisServer::isWell).toList();
    return seenBy(asked, node, so) == asked.size();
  }

  private static long seenBy(List<RedisServer> asked, RedisServer node, Predicate<Seen> so) {
    return asked.stream()
        .filter(one ->
            known(one).stream().anyMatch(seen -> seen.port() == node.port() && so.test(seen)))
        .count();
  }

  private static List<Seen> known(RedisServer node) {
    return node.ask(Jedis::clusterNodes)
        .lines()
        .filter(line -> !line.isBlank())
        .map(Seen::parse)
        .toList();
  }

  /** A node as another sees it: a line of {@code CLUSTER NODES}. */
  private record Seen(int port, List<String> flags, String primary, List<String> slots) {
    static Seen parse(String line) {
      String[] words = line.split(" ");
      return new Seen(
          Integer.parseInt(words[1].replaceFirst("^.*:(\\d+)@.*$", "$1")),
          List.of(words[2].split(",")),
          words[3],
          List.of(Arrays.copyOfRange(words, 8, words.length)));
    }

    boolean isWell() {
      return flags.stream().noneMatch(flag -> flag.startsWith("fail") || flag.equals("handshake"));
    }

    boolean isPrimary() {
      return flags.contains("master") && !slots.isEmpty() && !flags.contains("fail");
    }

    boolean hasSlot(int slot) {
      return flags.contains("master")
          && slots.stream()
              .filter(range -> !range.startsWith("["))
              .map(range -> range.split("-"))
              .anyMatch(ends -> Integer.parseInt(ends[0]) <= slot
                  && slot <= Integer.parseInt(ends[ends.length - 1]));
    }
  }
}
