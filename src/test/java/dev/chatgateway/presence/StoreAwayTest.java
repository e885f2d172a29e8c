package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.chaos.fault.TcpProxy;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.resps.Tuple;

/** Redis is out of reach for longer than leases last, and not all pods are back at once. */
class StoreAwayTest {
  private static final Set<TcpProxy.Way> BOTH =
      Set.of(TcpProxy.Way.TO_SERVER, TcpProxy.Way.TO_CLIENT);
  private static final Duration GHOST_LIFETIME = Duration.ofSeconds(15);

  private final int ticket = newTicket();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final RedisServer redis = RedisServer.start(new RedisSetup().persistent());
  private final TcpProxy nearby = new TcpProxy(vertx, redis.port(), 1);
  private final TcpProxy remote = new TcpProxy(vertx, redis.port(), 2);
  private final TestPods pods = new TestPods(
      "chat.presence.heartbeat", "200ms",
      "chat.presence.lease", "5s",
      "chat.redis.max-backoff", "200ms");
  private TestPods.TestPod late;
  private TestClient noor;
  private TestClient ana;

  @BeforeEach
  void start() {
    TestPods.TestPod early = pods.start(through(nearby));
    late = pods.start(through(remote));
    noor = in(early, "u:noor;admin", ticket);
    ana = in(late, "u:ana;tickets=" + ticket, ticket);
    noor.awaitEvent("user_joined");
  }

  private String through(TcpProxy network) {
    return redis.uri().replace(":" + redis.port(), ":" + network.port());
  }

  @AfterEach
  void stop() {
    pods.close();
    nearby.close();
    remote.close();
    redis.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whosePodIsBackLaterThanOthersHasNotLeft() {
    Set<String> before = leases().keySet();
    nearby.cut(BOTH);
    remote.cut(BOTH);
    awaitLapse(leases());

    nearby.heal();
    awaitHeartbeats();
    remote.heal();

    requireNobodyLeft(before);
  }

  @Test
  void norHasWhenRedisIsStartedAgain() {
    Set<String> before = leases().keySet();
    Map<String, Double> leases = leases();
    remote.cut(BOTH);
    redis.kill();
    awaitLapse(leases);

    redis.start();
    awaitHeartbeats();
    remote.heal();

    requireNobodyLeft(before);
  }

  @Test
  void aPodThatDiesMeanwhileIsSweptAfterwards() {
    nearby.cut(BOTH);
    remote.cut(BOTH);
    late.kill();
    awaitLapse(leases());

    nearby.heal();
    remote.heal();

    noor.awaitEvent("user_left", who -> who.get("user_id").asText().equals("ana"), GHOST_LIFETIME);
  }

  private void requireNobodyLeft(Set<String> incarnations) {
    patiently("a message of the pod that was late")
        .until(() -> ana.request("send_message", Map.of("ticket_id", ticket, "text", "here"))
            .get("ok")
            .asBoolean());
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).isEmpty();
    assertThat(noor.events("user_joined")).hasSize(1);
    assertThat(leases().keySet()).as("what is stored stays as it is").isEqualTo(incarnations);
  }

  private void awaitLapse(Map<String, Double> leases) {
    patiently("leases to run out")
        .until(() -> leases.values().stream().allMatch(end -> end < System.currentTimeMillis()));
  }

  /** Those of the pod that is back: from the first on it could take others for dead. */
  private void awaitHeartbeats() {
    patiently("a heartbeat").until(() -> newest() > System.currentTimeMillis());
    double first = newest();
    patiently("two more").until(() -> newest() >= first + 400);
  }

  private double newest() {
    return leases().values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private Map<String, Double> leases() {
    List<Tuple> all = redis.ask(r -> r.zrangeWithScores(pods.keyPrefix() + "{pods}:leases", 0, -1));
    return all.stream().collect(Collectors.toMap(Tuple::getElement, Tuple::getScore));
  }

  private static ConditionFactory patiently(String what) {
    return await(what).atMost(Client.PATIENCE).pollInterval(Duration.ofMillis(50));
  }
}
