package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisCluster;
import dev.chatgateway.testing.RedisProgram;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.SlotMove;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.SafeEncoder;

/** Two pods on a Redis Cluster, and what may happen to its nodes and slots. */
class ClusterIT {
  private final RedisCluster redis =
      RedisCluster.start(new RedisSetup().program(RedisProgram.installed().requireSeven()));
  private final List<PodProcess> pods = new ArrayList<>();
  private final List<Conversation> onEach = new ArrayList<>();
  private RedisServer doomed;
  private Conversation concerned;
  private Conversation elsewhere;

  @BeforeEach
  void conversationOnEachPrimary() {
    pods.add(pod());
    pods.add(pod());
    for (RedisServer primary : redis.primaries()) {
      onEach.add(new Conversation(
          pods.get(0), pods.get(1), redis.ticketOn(primary, 1 + 1000 * onEach.size())));
    }
    concerned = onEach.get(0);
    elsewhere = onEach.get(1);
    doomed = redis.owner(RedisCluster.ticketSlot(concerned.ticket));
  }

  private PodProcess pod(String... more) {
    return PodProcess.start(Stream.of(
            redis.gatewaySettings(),
            Conversation.UNLIMITED,
            new String[] {"chat.ticket.history", "5000", "chat.redis.wait-replicas", "1"},
            more)
        .flatMap(Stream::of)
        .toArray(String[]::new));
  }

  @AfterEach
  void end() {
    pods.forEach(PodProcess::close);
    redis.close();
  }

  @Test
  @Proof
  void hearsOfTicketsByShardedChannels() {
    onEach.forEach(one -> one.requireAll("first"));
    String channel = "chat:{t:" + concerned.ticket + "}";
    await("the ticket's channel on its shard")
        .untilAsserted(() -> assertThat(
                redis.nodes().stream().flatMap(node -> channels(node, "SHARDCHANNELS")))
            .contains(channel));
    assertThat(redis.nodes().stream().flatMap(node -> channels(node, "CHANNELS")))
        .noneMatch(name -> name.startsWith("chat:{t:"));
  }

  @Test
  void losesNothingWhenAPrimaryIsKilledAndOtherSlotsGoOn() throws InterruptedException {
    concerned.startTalking("talk");
    concerned.awaitMore(20);
    doomed.kill();
    for (int i = 0; i < 20; i++) {
      elsewhere.sendAtOnce("meanwhile-" + i);
    }
    redis.awaitFailover(RedisCluster.ticketSlot(concerned.ticket), doomed);
    doomed.start(); // until it is back, the shard has no replica, which messages must be on
    redis.awaitHealthy();
    concerned.awaitMore(20);
    concerned.stopTalking();
    onEach.forEach(one -> one.requireAll("after"));
    onEach.forEach(Conversation::requireNothingLost);
  }

  @Test
  @Proof
  void losesNothingWhenAPrimaryFreezes() throws InterruptedException {
    concerned.startTalking("talk");
    concerned.awaitMore(20);
    doomed.freeze();
    redis.awaitFailover(RedisCluster.ticketSlot(concerned.ticket), doomed);
    doomed.resume();
    redis.awaitHealthy();
    concerned.awaitMore(20);
    concerned.stopTalking();
    onEach.forEach(one -> one.requireAll("after"));
    onEach.forEach(Conversation::requireNothingLost);
  }

  @Test
  @Proof
  void leavesNoHoleWhenASlotMovesUnderLoad() throws InterruptedException {
    int slot = RedisCluster.ticketSlot(concerned.ticket);
    RedisServer to = redis.owner(RedisCluster.ticketSlot(elsewhere.ticket));
    concerned.startTalking("talk");
    concerned.awaitMore(20);
    SlotMove move = redis.move(slot, to).begin();
    List<String> left = move.left();
    move.keys(left.subList(0, left.size() / 2));
    elsewhere.sendAtOnce("while it is half moved");
    move.finish();
    concerned.awaitMore(20);
    concerned.stopTalking();
    concerned.requireAll("after");
    concerned.requireNoHole();
    assertThat(redis.owner(slot)).isEqualTo(to);
  }

  @Test
  @Proof
  void healsWhenANodeIsRestartedAtItsAddress() {
    RedisServer replica = redis.replicaOf(doomed);
    replica.kill();
    replica.start();
    redis.awaitHealthy();
    redis.failover(doomed);
    redis.awaitHealthy();
    doomed.stop();
    doomed.start();
    redis.awaitHealthy();
    onEach.forEach(one -> one.requireAll("after"));
    onEach.forEach(Conversation::requireNothingLost);
  }

  @Test
  @Proof
  void startsThoughMostSeedsAreDead() {
    doomed.kill();
    redis.awaitFailover(RedisCluster.ticketSlot(concerned.ticket), doomed);
    RedisServer alive = redis.owner(RedisCluster.ticketSlot(concerned.ticket));
    PodProcess later = pod(
        "quarkus.redis.hosts",
        RedisCluster.seeds(List.of(doomed, alive)),
        "chat.redis.wait-replicas",
        "0");
    pods.add(later);
    new Conversation(later, pods.get(0), redis.ticketOn(alive, 5000)).requireAll("later");
  }

  private static Stream<String> channels(RedisServer node, String which) {
    return node.ask((Jedis redis) -> {
      List<?> names = (List<?>) redis.sendCommand(Protocol.Command.PUBSUB, which);
      return names.stream().map(name -> SafeEncoder.encode((byte[]) name)).toList().stream();
    });
  }
}
