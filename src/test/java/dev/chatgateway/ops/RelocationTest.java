package dev.chatgateway.ops;

import static dev.chatgateway.testing.TwoPods.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.resps.Tuple;

/** Pods that go on, and ask connections to reconnect. */
class RelocationTest {
  private static final long HALF_AN_INTERVAL_MS = 100;

  private final List<TestClient> clients = new ArrayList<>();

  private static TestPods pods(String... more) {
    List<String> settings = new ArrayList<>(List.of(
        "chat.presence.heartbeat", "100ms",
        "chat.rebalance.settle", "300ms",
        "chat.rebalance.interval", 2 * HALF_AN_INTERVAL_MS + "ms",
        "chat.rebalance.batch", "4",
        "chat.rebalance.min-excess", "2"));
    settings.addAll(List.of(more));
    return new TestPods(settings.toArray(String[]::new));
  }

  private void connect(TestPods.TestPod pod, int count) {
    for (int i = 0; i < count; i++) {
      clients.add(pod.connect("u:" + clients.size()));
    }
  }

  private static void assertSentAway(Client client, String reason) {
    JsonNode asked = client.awaitEvent("reconnect");
    assertThat(asked.get("reason").asText()).isEqualTo(reason);
    assertThat(asked.get("delay_ms").asLong()).isBetween(0L, HALF_AN_INTERVAL_MS);
    assertThat(client.awaitClose().code()).isEqualTo(1012);
    assertThat(client.events("reconnect")).hasSize(1);
  }

  private static double asked(TestPods.TestPod pod, String reason) {
    return pod.metrics().find("chat.sent.away").tag("reason", reason).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static double share(TestPods.TestPod pod) {
    return pod.metrics().get("chat.rebalance.share").gauge().value();
  }

  @Test
  void theOldestOfAPodWithTooManyGoUntilItIsNearItsShare() {
    try (TestPods pods = pods()) {
      TestPods.TestPod full = pods.start();
      connect(full, 20);
      TestPods.TestPod empty = pods.start();

      // As with a balancer that knows where the fewest are: ten too many, of which one may stay.
      for (TestClient client : List.copyOf(clients.subList(0, 9))) {
        assertSentAway(client, "rebalance");
        connect(empty, 1);
      }
      eventually("both near their share", () -> share(full) <= 10 && share(empty) <= 10);
      // A few more where those who go are not back in time to be counted.
      assertThat(asked(full, "rebalance")).isBetween(9.0, 12.0);
      assertThat(asked(empty, "rebalance")).isZero();
      assertThat(full.pod().sessions().count()).isBetween(8, 11);
    }
  }

  @Test
  void withoutRebalancingEverybodyStaysWhereTheyAre() {
    try (TestPods pods = pods("chat.rebalance.enabled", "false")) {
      TestPods.TestPod full = pods.start();
      connect(full, 5);
      TestPods.TestPod empty = pods.start();
      double settled = leases(pods) + 1500;
      eventually("ten heartbeats more than it takes", () -> leases(pods) > settled);
      assertThat(full.pod().sessions().count()).isEqualTo(5);
      assertThat(asked(full, "rebalance") + asked(empty, "rebalance")).isZero();
    }
  }

  // Until when, by Redis's time, all leases hold that there are.
  private static double leases(TestPods pods) {
    return TestRedis.<List<Tuple>>ask(
            redis -> redis.zrangeWithScores(pods.keyPrefix() + "{pods}:leases", 0, 0))
        .get(0)
        .getScore();
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }

  @Test
  void whoHasBeenHereForTooLongIsAskedToReconnect() {
    try (TestPods pods = pods("chat.rebalance.max-age", "1s")) {
      TestPods.TestPod only = pods.start();
      connect(only, 6);
      long openedMs = now();
      clients.forEach(client -> assertSentAway(client, "max_age"));
      assertThat(now() - openedMs).isGreaterThan(800);
      assertThat(asked(only, "max_age")).isEqualTo(6);
    }
  }

  @Test
  void podsSayInTheStoreWhatTheyHoldAndThatTheyStop() throws Exception {
    try (TestPods pods = pods("chat.drain.delay", "1m")) {
      String loads = pods.keyPrefix() + "{pods}:loads";
      TestPods.TestPod one = pods.start();
      TestPods.TestPod other = pods.start();
      connect(one, 3);
      eventually(
          "loads of both",
          () -> TestRedis.<List<String>>ask(redis -> redis.hvals(loads)).stream()
              .sorted()
              .toList()
              .equals(List.of("0 accepting", "3 accepting")));

      Thread stopping = new Thread(other::stop);
      stopping.start();
      eventually(
          "one that stops",
          () -> TestRedis.<List<String>>ask(redis -> redis.hvals(loads)).contains("0 refusing"));
      eventually("a share without it", () -> share(one) == 3);
      other.pod().drain().hurry();
      stopping.join();
    }
  }

  /** As while pods are updated from a version that says nothing of itself. */
  @Test
  void aPodOfAVersionThatSaysNothingDoesNotCountAndWhatOneHasLeftIsCleared() {
    try (TestPods pods = pods()) {
      String key = pods.keyPrefix() + "{pods}:";
      TestPods.TestPod only = pods.start();
      connect(only, 5);
      long later = System.currentTimeMillis() + 3_600_000;
      TestRedis.run(redis -> redis.zadd(key + "leases", Map.of("silent", (double) later)));
      TestRedis.run(redis -> redis.zadd(key + "leases", Map.of("garbled", (double) later)));
      TestRedis.run(redis -> redis.hset(key + "loads", "garbled", "many accepting"));
      TestRedis.run(redis -> redis.hset(key + "loads", "gone", "7 accepting"));

      eventually(
          "nothing of the one that is gone",
          () -> !TestRedis.<Boolean>ask(redis -> redis.hexists(key + "loads", "gone")));
      eventually("a share of its own", () -> share(only) == 5);
      assertThat(asked(only, "rebalance")).isZero();
    }
  }
}
