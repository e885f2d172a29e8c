package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisSentinels;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two pods whose Redis is watched by sentinels, and what may happen to primary and sentinels. */
class SentinelIT {
  private final RedisSentinels redis = RedisSentinels.start(
      new RedisSetup().config("min-replicas-to-write", "1").config("min-replicas-max-lag", "2"));
  private final PodProcess first = pod(1);
  private final PodProcess second = pod(1);
  private final Conversation conversation = new Conversation(first, second, 1);

  private PodProcess pod(int waitReplicas) {
    String[] settings = Stream.of(redis.gatewaySettings(), Conversation.UNLIMITED, new String[] {
          "chat.ticket.history", "5000", "chat.redis.wait-replicas", Integer.toString(waitReplicas)
        })
        .flatMap(Stream::of)
        .toArray(String[]::new);
    return PodProcess.start(settings);
  }

  @AfterEach
  void end() {
    first.close();
    second.close();
    redis.close();
  }

  @Test
  void losesNothingWhenThePrimaryIsKilledAndComesBack() throws InterruptedException {
    conversation.requireAll("before");
    RedisServer before = redis.primary();
    conversation.startTalking("talk");
    conversation.awaitMore(20);
    before.kill();
    redis.awaitFailover(before);
    conversation.awaitMore(20);
    before.start();
    redis.awaitHealthy();
    conversation.awaitMore(20);
    conversation.stopTalking();
    conversation.requireAll("after");
    conversation.requireNothingLost();
  }

  @Test
  @Proof
  void losesNothingWhenThePrimaryFreezes() throws InterruptedException {
    RedisServer before = redis.primary();
    conversation.startTalking("talk");
    conversation.awaitMore(20);
    before.freeze();
    redis.awaitFailover(before);
    conversation.awaitMore(20);
    before.resume();
    redis.awaitHealthy();
    conversation.stopTalking();
    conversation.requireAll("after");
    conversation.requireNothingLost();
  }

  /**
   * The primary that was deposed while it was well keeps its other replica for a while, and goes on
   * accepting what that one has: only what both have can't be lost then.
   */
  @Test
  @Proof
  void losesNothingThatAllReplicasHaveWhenThePrimaryIsReplacedByHand() throws InterruptedException {
    try (PodProcess third = pod(2);
        PodProcess fourth = pod(2)) {
      Conversation strict = new Conversation(third, fourth, 2);
      strict.startTalking("talk");
      strict.awaitMore(20);
      redis.failover();
      redis.awaitHealthy();
      strict.awaitMore(20);
      strict.stopTalking();
      strict.requireAll("after");
      strict.requireNothingLost();
    }
    conversation.requireAll("after");
  }

  @Test
  @Proof
  void findsThePrimaryThoughNoEventTellsOfIt() {
    redis.hideEvents();
    RedisServer before = redis.primary();
    redis.isolate(before);
    RedisServer now = redis.awaitFailover(before);
    conversation.requireAll("after");
    conversation.requireNothingLost();
    await("commands at the new primary").until(() -> connections(now) > 1);
    assertThat(before.answers()).isTrue();
    redis.rejoin(before);
    redis.awaitHealthy();
    conversation.requireAll("again");
  }

  @Test
  @Proof
  void findsThePrimaryThoughASentinelIsFrozen() {
    redis.sentinels().get(0).freeze();
    RedisServer before = redis.primary();
    before.kill();
    redis.awaitFailover(before);
    conversation.requireAll("after");
    conversation.requireNothingLost();
  }

  @Test
  @Proof
  void goesOnWithoutSentinels() {
    conversation.requireAll("before");
    redis.sentinels().forEach(RedisServer::kill);
    for (int i = 0; i < 200; i++) {
      conversation.sendAtOnce("meanwhile-" + i);
    }
    conversation.requireAll("after");
    conversation.requireNoHole();
    conversation.requireNeverDegraded();
  }

  private static long connections(RedisServer server) {
    return server
        .ask(redis -> redis.clientList())
        .lines()
        .filter(line -> line.contains("user=gateway"))
        .count();
  }
}
