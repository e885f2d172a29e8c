package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.chaos.fault.TcpProxy;
import dev.chatgateway.chaos.fault.TcpProxy.Way;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Connections that end just while the pod stores them once more: what has gone out by then arrives
 * after what takes them out, and its answer never does.
 */
class EndedMeanwhileTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration QUICKLY = Duration.ofMillis(5);
  private static final int WAY_MS = 800;
  // More than a loop seats at once, so that some still wait when the connection ends.
  private static final int TICKETS = 40;

  private final Vertx vertx = Vertx.vertx();
  private final URI redis = URI.create(TestRedis.uri());
  private final TcpProxy network = new TcpProxy(vertx, redis.getPort(), 1);
  private final TestPods pods =
      new TestPods("chat.presence.renewal", "3s", "chat.redis.command-timeout", "4s");
  private final TestPods.TestPod pod =
      pods.start(TestRedis.uri().replace(":" + redis.getPort(), ":" + network.port()));
  private final List<Integer> tickets =
      IntStream.range(0, TICKETS).mapToObj(i -> TwoPods.newTicket()).toList();

  @AfterEach
  void end() {
    pods.close();
    network.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void isNotConnectedForGood() {
    endsWhileStored(client -> {}, () -> has("{u:7}:conns"));
  }

  @Test
  void isInNoRoomForGood() {
    endsWhileStored(
        client ->
            tickets.forEach(ticket -> client.ok("join_ticket_chat", Map.of("ticket_id", ticket))),
        () -> tickets.stream().anyMatch(ticket -> has("{t:" + ticket + "}:members")));
    assertThat(tickets).noneMatch(ticket -> has("{t:" + ticket + "}:users"));
  }

  private void endsWhileStored(Consumer<TestClient> enter, BooleanSupplier isStored) {
    TestClient before = pod.connect("u:7;admin"); // after which Redis has the scripts
    enter.accept(before);
    before.close();
    await("gone before")
        .atMost(PATIENCE)
        .until(() -> !has("{u:7}:conns") && !isStored.getAsBoolean());

    TestClient client = pod.connect("u:7;admin");
    enter.accept(client);
    network.delay(WAY_MS, 0);
    awaitRenewal();
    client.close();
    await("gone").atMost(PATIENCE).pollInterval(QUICKLY).until(() -> !isStored.getAsBoolean());
    await("back").atMost(PATIENCE).pollInterval(QUICKLY).until(isStored::getAsBoolean);
    double known = unknown();
    network.cut(EnumSet.of(Way.TO_CLIENT));
    await("what nobody answers").atMost(PATIENCE).until(() -> unknown() > known);
    await("an outage").atMost(PATIENCE).until(() -> pod.pod().health().isDegraded());
    network.heal();
    await("gone for good").atMost(PATIENCE).until(() -> !isStored.getAsBoolean());
  }

  /** Returns before the pod hears that its entry in the index has been renewed. */
  private void awaitRenewal() {
    String member =
        TestRedis.ask(r -> r.hkeys(pods.keyPrefix() + "{u:7}:conns")).iterator().next();
    String index = pods.keyPrefix() + "{i:" + member.split("\\.")[0] + "}:users";
    long[] left = {Long.MAX_VALUE};
    await("renewal").atMost(PATIENCE).pollInterval(QUICKLY).until(() -> {
      long before = left[0];
      left[0] = TestRedis.<Long>ask(r -> r.pttl(index));
      return left[0] > before;
    });
  }

  private double unknown() {
    return pod.metrics()
        .get("chat.redis.command.errors")
        .tag("outcome", "unknown")
        .counter()
        .count();
  }

  private boolean has(String key) {
    return TestRedis.ask(r -> r.exists(pods.keyPrefix() + key));
  }
}
