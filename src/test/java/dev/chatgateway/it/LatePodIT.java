package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.chaos.fault.TcpProxy;
import dev.chatgateway.chaos.fault.TcpProxy.Way;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pods whose lease has run out: some are dead, and some are only out of Redis's reach. */
class LatePodIT {
  private static final Duration GHOST_LIFETIME = Duration.ofSeconds(15);
  private static final int LEASE_MS = 2000;
  private static final String TICKET = "101";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String prefix = RedisResource.newKeyPrefix();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final TcpProxy network = new TcpProxy(vertx, TestRedis.port(), 1);
  private final List<PodProcess> pods = new ArrayList<>();

  @AfterEach
  void end() {
    pods.forEach(PodProcess::close);
    network.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void podThatAnswersKeepsItsUsersAndItsIncarnation() {
    PodProcess away = startBehindNetwork();
    PodProcess here = start("chat.presence.lease", LEASE_MS + "ms");
    ChatClient ana = joined(away, Tokens.user("ana").tickets(TICKET));
    ChatClient noor = joined(here, Tokens.admin("noor"));
    Set<String> members = members();

    network.cut(EnumSet.allOf(Way.class));
    await("a lease that ran out two leases ago")
        .atMost(GHOST_LIFETIME)
        .until(() -> earliestMs() < nowMs() - 2 * LEASE_MS);
    network.heal();
    ana.awaitEvent("restored");
    await("a lease that holds again").atMost(GHOST_LIFETIME).until(() -> earliestMs() > nowMs());

    ana.say(TICKET, "here all the time");
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).isEmpty();
    assertThat(members()).isEqualTo(members);
  }

  @Test
  @Proof
  void podThatAnswersIsSweptAfterThreeLeases() {
    PodProcess away = startBehindNetwork();
    PodProcess here = start("chat.presence.lease", LEASE_MS + "ms");
    joined(away, Tokens.user("ana").tickets(TICKET));
    ChatClient noor = joined(here, Tokens.admin("noor"));
    double lease = earliestMs();

    network.cut(EnumSet.allOf(Way.class));

    noor.awaitEvent("user_left", who -> isOf(who, "ana"), Duration.ofSeconds(30));
    assertThat(nowMs() - lease).isGreaterThan(3 * LEASE_MS);
  }

  @Test
  @Proof
  void twoOfThreeKilledAtOnceLeaveNoGhosts() {
    PodProcess one = start();
    PodProcess other = start();
    PodProcess survivor = start();
    joined(one, Tokens.user("ana").tickets(TICKET));
    joined(other, Tokens.user("bo").tickets(TICKET));
    ChatClient noor = joined(survivor, Tokens.admin("noor"));

    one.kill();
    other.kill();
    long killed = System.nanoTime();

    noor.awaitEvent("user_left", who -> isOf(who, "ana"), GHOST_LIFETIME);
    noor.awaitEvent("user_left", who -> isOf(who, "bo"), GHOST_LIFETIME);
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(GHOST_LIFETIME);
    TicketSystemCalls calls = new TicketSystemCalls(survivor);
    assertThat(calls.participants(TICKET)).containsExactly("noor");
    await("no connections")
        .atMost(GHOST_LIFETIME)
        .until(() -> calls.connections("ana") == 0 && calls.connections("bo") == 0);
  }

  @Test
  @Proof
  void strangersLearnNothingOfIncarnations() {
    PodProcess pod = start();
    assertThat(PodProcess.get(pod.http("/pods/00000000")).statusCode()).isEqualTo(404);
    assertThat(head(pod, "00000000")).isEqualTo(404);
    String incarnation =
        TestRedis.<List<String>>ask(r -> r.zrange(leases(), 0, -1)).get(0);
    assertThat(head(pod, incarnation)).isEqualTo(204);
  }

  private static int head(PodProcess pod, String incarnation) {
    HttpRequest request = HttpRequest.newBuilder(pod.http("/pods/" + incarnation))
        .method("HEAD", HttpRequest.BodyPublishers.noBody())
        .timeout(Duration.ofSeconds(10))
        .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private PodProcess startBehindNetwork() {
    return start(
        "quarkus.redis.hosts",
        TestRedis.uriThrough(network.port()),
        "chat.presence.lease",
        LEASE_MS + "ms");
  }

  private PodProcess start(String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("chat.redis.key-prefix", prefix, "chat.presence.heartbeat", "500ms"));
    PodProcess pod = PodProcess.start(all.toArray(String[]::new));
    pods.add(pod);
    return pod;
  }

  private static ChatClient joined(PodProcess pod, Tokens who) {
    ChatClient client = pod.connect();
    client.authenticate(who.sign());
    client.join(TICKET);
    return client;
  }

  private static boolean isOf(JsonNode who, String user) {
    return who.get("user_id").asText().equals(user);
  }

  private Set<String> members() {
    return Set.copyOf(
        TestRedis.<Map<String, String>>ask(r -> r.hgetAll(prefix + "{t:" + TICKET + "}:members"))
            .keySet());
  }

  /** When the lease ends that ends first. */
  private double earliestMs() {
    return TestRedis.ask(r -> r.zrangeWithScores(leases(), 0, 0)).get(0).getScore();
  }

  private String leases() {
    return prefix + "{pods}:leases";
  }

  private static double nowMs() {
    List<String> time = TestRedis.ask(r -> r.time());
    return Long.parseLong(time.get(0)) * 1000.0 + Long.parseLong(time.get(1)) / 1000.0;
  }
}
