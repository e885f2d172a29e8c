package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pods that die, and pods that are taken for dead. */
class LeaseTest {
  private final int ticket = newTicket();

  @Test
  void twoSweepersTellOfAGhostOnceAndCountRight() {
    try (TwoPods two = quick()) {
      TestPods.TestPod doomed = two.pods.start();
      TestClient noor = in(two.a, "u:noor;admin", ticket);
      TestClient olga = in(two.b, "u:olga;admin", ticket);
      in(doomed, "u:7;tickets=" + ticket, ticket);
      in(doomed, "u:7;tickets=" + ticket, ticket);
      TestClient typist = in(doomed, "u:8;tickets=" + ticket, ticket);
      typist.ok("typing_start", Map.of("ticket_id", ticket));
      in(two.b, "u:8;tickets=" + ticket, ticket);

      doomed.kill();

      for (Client client : List.of(noor, olga)) {
        JsonNode left = client.awaitEvent("user_left");
        assertThat(left.get("user_id").asInt()).isEqualTo(7);
        assertThat(left.get("participants_count").asInt()).isEqualTo(3);
        client.awaitEvent("user_typing", e -> !e.get("is_typing").asBoolean());
      }
      eventually("the leases of the living", () -> leases(two).size() == 2);
      noor.say(ticket, "fence");
      olga.awaitEvent("new_message");
      assertThat(olga.events("user_left")).hasSize(1);
      assertThat(TestRedis.<Long>ask(r -> r.hlen(two.key(ticket, "members")))).isEqualTo(3);
      assertThat(TestRedis.<Boolean>ask(r -> r.exists(two.pods.keyPrefix() + "{u:7}:conns")))
          .isFalse();
    }
  }

  @Test
  void whoAuthenticatesWhileThePodTakesAnotherLeaseStaysKnown() {
    try (TwoPods two =
        new TwoPods("chat.presence.heartbeat", "100ms", "chat.presence.lease", "3s")) {
      Set<String> before = Set.copyOf(leases(two));
      List<TestClient> clients = new ArrayList<>();
      List<Long> asked = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        TestClient client = two.a.connect();
        clients.add(client);
        asked.add(client.ask("chat_authenticate", Map.of("token", "u:x" + i + ";admin")));
        if (i % 20 == 10) {
          forgetMarks(two);
        }
      }
      for (int i = 0; i < clients.size(); i++) {
        JsonNode reply = clients.get(i).awaitReply(asked.get(i), Client.PATIENCE);
        assertThat(reply.get("ok").asBoolean()).isTrue();
      }
      eventually(
          "other leases, of the living",
          () -> leases(two).size() == 2 && leases(two).stream().noneMatch(before::contains));
      await("all to be known, and once")
          .atMost(30, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(notOnce(two, clients.size())).isEmpty());
    }
  }

  /** As if Redis had gone back to before the pods' last marks. */
  private static void forgetMarks(TwoPods two) {
    TestRedis.run(redis -> redis.keys(two.pods.keyPrefix() + "{w:0}:*").stream()
        .filter(key -> !key.endsWith(":newest"))
        .forEach(redis::del));
  }

  /** The connections of users who don't have one. */
  private static Map<String, Set<String>> notOnce(TwoPods two, int users) {
    return TestRedis.ask(redis -> {
      Map<String, Set<String>> all = new HashMap<>();
      for (int i = 0; i < users; i++) {
        Set<String> own = redis.hkeys(two.pods.keyPrefix() + "{u:x" + i + "}:conns");
        if (own.size() != 1) {
          all.put("x" + i, own);
        }
      }
      return all;
    });
  }

  @Test
  void aPodThatWasTakenForDeadRegistersAnewAndIsBackInItsRooms() {
    try (TestPods slow = new TestPods("chat.presence.heartbeat", "1s");
        TestPods quick = new TestPods(
            "chat.presence.heartbeat", "50ms", "chat.redis.key-prefix", slow.keyPrefix())) {
      TestPods.TestPod frozen = slow.start();
      String prefix = slow.keyPrefix();
      String leases = prefix + "{pods}:leases";
      Set<String> before = Set.copyOf(TestRedis.<List<String>>ask(r -> r.zrange(leases, 0, -1)));
      TestClient ana = in(frozen, "u:ana;tickets=" + ticket, ticket);
      TestClient noor = in(quick.start(), "u:noor;admin", ticket);

      TestRedis.run(r -> before.forEach(incarnation -> r.zadd(leases, 1, incarnation)));

      noor.awaitEvent("user_left");
      noor.awaitEvent("user_joined", e -> e.get("user_id").asText().equals("ana"));
      String members = prefix + "{t:" + ticket + "}:members";
      eventually(
          "a new incarnation",
          () -> TestRedis.ask(r -> r.hgetAll(members)).entrySet().stream()
              .filter(entry -> entry.getValue().equals("ana"))
              .allMatch(entry -> before.stream().noneMatch(old -> entry.getKey().startsWith(old))));
      assertThat(ana.say(ticket, "here").get("seq").asLong()).isEqualTo(1);
      noor.awaitEvent("new_message");
      assertThat(noor.ok("get_participants", Map.of("ticket_id", ticket))
              .get("participants_count")
              .asInt())
          .isEqualTo(2);
      ana.awaitEvent("new_message");
    }
  }

  @Test
  void aLeaseThatWasRemovedIsTakenAnewAndNobodyIsCountedTwice() {
    try (TwoPods two = quick()) {
      TestClient ana = in(two.a, "u:ana;tickets=" + ticket, ticket);
      TestClient noor = in(two.b, "u:noor;admin", ticket);
      Set<String> before = Set.copyOf(leases(two));
      TestRedis.run(r -> r.del(two.pods.keyPrefix() + "{pods}:leases"));

      eventually("two other incarnations", () -> {
        List<String> now = leases(two);
        return now.size() == 2 && now.stream().noneMatch(before::contains);
      });
      eventually("each once", () -> {
        Map<String, String> users = TestRedis.ask(r -> r.hgetAll(two.key(ticket, "users")));
        return users.size() == 2 && users.values().stream().allMatch(u -> u.startsWith("1 "));
      });
      ana.say(ticket, "here");
      noor.awaitEvent("new_message");
      ana.close();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void whatAPodMissedBeforeItsLeaseRanOutIsCompleteInEveryRoom() {
    try (TwoPods two = new TwoPods(
        "chat.presence.heartbeat",
        "100ms",
        "chat.limits.frames.burst",
        "10000",
        "chat.limits.messages.burst",
        "1000",
        "chat.limits.user-messages.burst",
        "1000")) {
      int rooms = 120;
      List<Integer> tickets = new ArrayList<>();
      StringBuilder token = new StringBuilder("u:ana;tickets=0");
      for (int i = 0; i < rooms; i++) {
        tickets.add(newTicket());
        token.append(',').append(tickets.get(i));
      }
      List<TestClient> clients =
          List.of(two.a.connect(token.toString()), two.a.connect(token.toString()));
      clients.forEach(client -> tickets.forEach(client::join));
      tickets.forEach(each -> clients.get(0).say(each, "heard"));

      // More happened than is kept of events, and the pod heard none of it.
      tickets.forEach(each -> {
        TwoPods.sendUnheard(two, each);
        TestRedis.run(r -> r.hincrBy(two.key(each, "meta"), "rev", 1));
      });
      TestRedis.run(r -> leases(two)
          .forEach(incarnation -> r.zadd(two.pods.keyPrefix() + "{pods}:leases", 0, incarnation)));

      for (TestClient client : clients) {
        for (int each : tickets) {
          eventually(
              "the message that was missed in " + each,
              () -> seqs(client, each).contains(2L)
                  || client.events("joined_ticket_chat").stream()
                      .anyMatch(joined -> joined.get("ticket_id").asInt() == each
                          && joined.get("seq").asLong() == 2
                          && joined.get("messages").findValuesAsText("seq").contains("2")));
        }
      }
    }
  }

  private static TwoPods quick() {
    return new TwoPods("chat.presence.heartbeat", "100ms", "chat.presence.lease", "1s");
  }

  private static List<String> leases(TwoPods two) {
    return TestRedis.ask(r -> r.zrange(two.pods.keyPrefix() + "{pods}:leases", 0, -1));
  }
}
