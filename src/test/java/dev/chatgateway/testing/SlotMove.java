package dev.chatgateway.testing;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Protocol;

/**
 * A slot that moves from one primary of a cluster to another while clients use it, as {@code
 * redis-cli --cluster reshard} does it, but step by step.
 */
public final class SlotMove {
  private static final int TIMEOUT_MS = 5000;

  private final List<RedisServer> nodes;
  private final int slot;
  private final RedisServer from;
  private final RedisServer to;

  SlotMove(List<RedisServer> nodes, int slot, RedisServer from, RedisServer to) {
    this.nodes = nodes;
    this.slot = slot;
    this.from = from;
    this.to = to;
  }

  /** From now on both know: what the one lacks, the other is to be asked for. */
  public SlotMove begin() {
    String source = RedisCluster.id(from);
    String target = RedisCluster.id(to);
    to.run(redis -> redis.clusterSetSlotImporting(slot, source));
    from.run(redis -> redis.clusterSetSlotMigrating(slot, target));
    return this;
  }

  /** The keys that have not moved yet, sorted, at most 1000. */
  public List<String> left() {
    return from.ask(redis -> redis.clusterGetKeysInSlot(slot, 1000)).stream()
        .sorted()
        .toList();
  }

  /** Moves these keys. */
  public void keys(List<String> keys) {
    if (keys.isEmpty()) {
      return;
    }
    List<String> words = new ArrayList<>(List.of(
        "127.0.0.1",
        Integer.toString(to.port()),
        "",
        "0",
        Integer.toString(TIMEOUT_MS),
        "AUTH2",
        RedisUsers.TESTS,
        RedisUsers.TESTS_PASSWORD,
        "KEYS"));
    words.addAll(keys);
    from.run(redis -> redis.sendCommand(Protocol.Command.MIGRATE, words.toArray(String[]::new)));
  }

  /** Moves what is left, and tells all nodes whose the slot is now. */
  public void finish() {
    for (List<String> left = left(); !left.isEmpty(); left = left()) {
      keys(left);
    }
    String target = RedisCluster.id(to);
    // First whom it concerns: the new one has to know before the old one sends clients there.
    to.run(redis -> redis.clusterSetSlotNode(slot, target));
    from.run(redis -> redis.clusterSetSlotNode(slot, target));
    for (RedisServer node : nodes) {
      if (node != to && node != from && node.isWell() && !isReplica(node)) {
        node.run(redis -> redis.clusterSetSlotNode(slot, target));
      }
    }
  }

  /** All of it at once. */
  public void run() {
    begin().finish();
  }

  private static boolean isReplica(RedisServer node) {
    return node.info("replication").contains("role:slave");
  }
}
