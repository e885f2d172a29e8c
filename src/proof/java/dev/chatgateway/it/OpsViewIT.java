package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whichever of two pods is asked tells of both, and of what becomes of them. */
class OpsViewIT {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TICKET = "101";

  private static final String PREFIX = RedisResource.newKeyPrefix();
  private static PodProcess a;
  private static PodProcess b;
  private String idOfA;
  private String idOfB;

  /** The same two for all tests, but for one that has ended. */
  @BeforeEach
  void twoPods() {
    a = a != null && a.isAlive() ? a : launch();
    b = b != null && b.isAlive() ? b : launch();
    a.awaitReady();
    b.awaitReady();
    idOfA = OpsCalls.id(a);
    idOfB = OpsCalls.id(b);
    soon(() -> assertThat(OpsCalls.ids(OpsCalls.overview(a))).isEqualTo(both()));
  }

  private static PodProcess launch() {
    return PodProcess.launch(
        "chat.redis.key-prefix",
        PREFIX,
        "chat.presence.lease",
        LEASE.toMillis() + "ms",
        "chat.limits.authentication-timeout",
        "1m", // on a busy machine some of them have to wait
        "quarkus.shutdown.delay",
        "5s"); // so that one that drains can be seen to
  }

  @AfterAll
  static void end() {
    for (PodProcess pod : Arrays.asList(a, b)) {
      if (pod != null) {
        pod.close();
      }
    }
  }

  private Set<String> both() {
    return new TreeSet<>(Set.of(idOfA, idOfB));
  }

  private static void soon(ThrowingRunnable assertion) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
  }

  private static ChatClient joined(PodProcess pod, Tokens who) {
    ChatClient client = pod.connect();
    client.authenticate(who.sign());
    client.join(TICKET);
    return client;
  }

  @Test
  void eachTellsOfBothWithTheirConnections() {
    try (ChatClient ana = joined(a, Tokens.user("ana").tickets(TICKET));
        ChatClient bo = joined(a, Tokens.user("bo").tickets(TICKET));
        ChatClient late = a.connect();
        SocketIoClient noor =
            SocketIoClient.connect(b.http("/"), Tokens.admin("noor").sign())) {
      noor.join(TICKET);
      ana.say(TICKET, "hello");
      noor.awaitEvent("new_message");
      bo.awaitEvent("new_message");
      late.awaitEvent("chat_connected");
      for (PodProcess asked : new PodProcess[] {a, b}) {
        soon(() -> {
          JsonNode all = OpsCalls.overview(asked);
          JsonNode ofA = OpsCalls.pod(all, idOfA);
          JsonNode ofB = OpsCalls.pod(all, idOfB);
          assertThat(ofA.get("connections").asInt()).isEqualTo(3);
          assertThat(ofA.get("socketio_connections").asInt()).isZero();
          assertThat(ofA.get("users").asInt()).isEqualTo(2);
          assertThat(ofA.get("rooms").asInt()).isEqualTo(1);
          assertThat(ofB.get("connections").asInt()).isEqualTo(1);
          assertThat(ofB.get("socketio_connections").asInt()).isEqualTo(1);
          assertThat(ofB.get("users").asInt()).isEqualTo(1);
          assertThat(all.at("/totals/connections").asInt()).isEqualTo(4);
          assertThat(all.at("/spread/connections/skew").asDouble()).isEqualTo(1.5);
          assertThat(all.get("unreadable").asInt()).isZero();
        });
      }
      soon(() -> {
        ana.say(TICKET, "again");
        JsonNode all = OpsCalls.overview(b);
        assertThat(OpsCalls.pod(all, idOfA).get("accepted_per_s").asDouble()).isPositive();
        assertThat(OpsCalls.pod(all, idOfA).get("delivered_per_s").asDouble()).isPositive();
        assertThat(OpsCalls.pod(all, idOfB).get("delivered_per_s").asDouble()).isPositive();
        assertThat(OpsCalls.pod(all, idOfB).get("accepted_per_s").asDouble()).isZero();
        assertThat(OpsCalls.pod(all, idOfA).get("relay_lag_ms").asDouble()).isPositive();
      });
    }
  }

  @Test
  void aKilledPodIsGoneOnceItsLeaseIsOver() {
    b.kill();
    long killed = System.nanoTime();
    soon(() -> assertThat(OpsCalls.ids(OpsCalls.overview(a))).containsExactly(idOfA));
    // A heartbeat may have been on its way, and the machine be busy.
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LEASE.multipliedBy(3));
  }

  @Test
  void aPodThatDrainsSaysSo() {
    assertThat(OpsCalls.pod(OpsCalls.overview(a), idOfB).get("draining").asBoolean())
        .isFalse();
    b.stop();
    soon(() -> {
      JsonNode all = OpsCalls.overview(a);
      assertThat(OpsCalls.pod(all, idOfB).get("draining").asBoolean()).isTrue();
      assertThat(all.at("/totals/draining").asInt()).isEqualTo(1);
    });
    soon(() -> assertThat(OpsCalls.ids(OpsCalls.overview(a))).containsExactly(idOfA));
    b.awaitExit(PATIENCE);
  }

  @Test
  void withoutRedisAPodTellsOfItselfAloneAndSaysSo() {
    TestRedis.pause();
    try {
      soon(() -> {
        JsonNode all = OpsCalls.overview(a);
        assertThat(all.get("complete").asBoolean()).isFalse();
        assertThat(OpsCalls.ids(all)).containsExactly(idOfA);
        assertThat(all.at("/pods/0/store").asText()).isEqualTo("unreachable");
      });
    } finally {
      TestRedis.resume();
    }
    soon(() -> {
      JsonNode all = OpsCalls.overview(a);
      assertThat(all.get("complete").asBoolean()).isTrue();
      assertThat(OpsCalls.ids(all)).isEqualTo(both());
      assertThat(all.at("/totals/store_unreachable").asInt()).isZero();
    });
  }

  @Test
  void whatStrangersReportIsNotShown() {
    String script = "<script>alert(1)</script>";
    TestRedis.run(redis -> {
      double later = System.currentTimeMillis() + 15_000.0; // then they are swept
      String[] reports = {
        "{\"v\":1,\"pod\":\"" + script + "\"}",
        "{\"v\":99,\"pod\":\"later\"}",
        "{\"v\":1,\"pod\":\"x\",\"host\":\"" + script + "\",\"version\":\"1\",\"started_at\":1,"
            + "\"at\":1,\"uptime_s\":1,\"draining\":false,\"store\":\"reachable\"}",
        "[".repeat(4000),
        "x".repeat(1_000_000)
      };
      for (int i = 0; i < reports.length; i++) {
        redis.zadd(PREFIX + "{pods}:leases", later, "0000000" + i);
        redis.psetex(PREFIX + "{i:0000000" + i + "}:report", 15_000, reports[i]);
      }
    });
    soon(() -> {
      JsonNode all = OpsCalls.overview(a);
      assertThat(OpsCalls.ids(all)).isEqualTo(both());
      assertThat(all.get("unreadable").asInt()).isEqualTo(5);
      assertThat(all.toString()).doesNotContain("script");
    });
  }

  @Test
  void onlyStaffAndTheTicketSystemAreToldAnything() {
    assertThat(OpsCalls.ask(a, null).statusCode()).isEqualTo(401);
    assertThat(OpsCalls.ask(a, "Bearer x").statusCode()).isEqualTo(401);
    String customer = Tokens.user("ana").tickets(TICKET).sign();
    assertThat(OpsCalls.ask(a, "Bearer " + customer).statusCode()).isEqualTo(403);
    assertThat(OpsCalls.ask(a, "Bearer " + Tokens.service().sign()).statusCode())
        .isEqualTo(200);
    assertThat(PodProcess.get(a.http("/ops/pods")).statusCode()).isEqualTo(404);
    assertThat(PodProcess.get(a.management("/ops")).body()).doesNotContain("data-dev");
    assertThat(PodProcess.get(a.management("/dev/token")).statusCode()).isEqualTo(404);
  }
}
