package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.session.Session;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that authenticate again after an attempt of which nobody knows what became. */
class SecondAttemptTest {
  private static final int USERS = 100;

  @Test
  void whatIsTakenBackOfTheFirstLeavesTheSecondAlone() {
    try (TwoPods two = new TwoPods()) {
      Map<String, TestClient> clients = new LinkedHashMap<>();
      for (int i = 0; i < USERS; i++) {
        clients.put("y" + i, two.a.connect());
      }
      TestRedis.pause();
      try {
        authenticate(clients)
            .values()
            .forEach(
                reply -> assertThat(reply.at("/error/code").asText()).isEqualTo("unavailable"));
      } finally {
        TestRedis.resume();
      }
      Map<String, TestClient> refused = new LinkedHashMap<>(clients);
      // Not at once, or they would be closed for asking too often.
      await()
          .pollInterval(Duration.ofMillis(250))
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            authenticate(refused).forEach((user, reply) -> {
              if (reply.get("ok").asBoolean()) {
                refused.remove(user);
              }
            });
            return refused.isEmpty();
          });

      // It comes within moments, where it comes.
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(30))
          .until(() -> TestRedis.<Boolean>ask(redis -> clients.keySet().stream()
              .allMatch(user -> redis.hlen(two.pods.keyPrefix() + "{u:" + user + "}:conns") == 1)));
    }
  }

  /** As where a server of the store has too few replicas for a while. */
  @Test
  void whoseTokenIsGoodIsNotClosedWhileTheStoreTakesNothing() {
    try (TwoPods two = new TwoPods("chat.limits.authentication-timeout", "1s")) {
      TestClient client = two.a.connect();
      Map<String, String> token = Map.of("token", "u:ana;admin");
      TestRedis.run(redis -> redis.configSet("min-replicas-to-write", "1"));
      try {
        await()
            .pollInterval(Duration.ofMillis(200))
            .during(Duration.ofSeconds(3))
            .atMost(Duration.ofSeconds(10))
            .until(() -> client
                .request("chat_authenticate", token)
                .at("/error/code")
                .asText()
                .equals("unavailable"));
      } finally {
        TestRedis.run(redis -> redis.configSet("min-replicas-to-write", "0"));
      }
      await()
          .atMost(Client.PATIENCE)
          .until(() -> client.request("chat_authenticate", token).path("ok").asBoolean());
    }
  }

  @Test
  void whoseTokenEndsThenIsNotClosedAndGetsNoFurtherUntilTheNewerOneIsStored() {
    int ticket = TwoPods.newTicket();
    Map<String, Integer> room = Map.of("ticket_id", ticket);
    try (TwoPods two = new TwoPods("chat.limits.authentication-timeout", "10s")) {
      TestClient client = TwoPods.in(two.a, "u:ana;admin;ttl=8", ticket);
      long endMs = client.session().principal().expiresAt().toEpochMilli();
      Map<String, String> newer = Map.of("token", "u:ana;admin");
      TestRedis.run(redis -> redis.configSet("min-replicas-to-write", "1"));
      try {
        await().pollInterval(Duration.ofMillis(200)).atMost(Client.PATIENCE).until(() -> {
          JsonNode error = client.refused("chat_authenticate", newer);
          assertThat(error.get("code").asText()).isEqualTo("unavailable");
          return System.currentTimeMillis() > endMs + 1000;
        });
        assertThat(client.isClosed()).isFalse();
      } finally {
        TestRedis.run(redis -> redis.configSet("min-replicas-to-write", "0"));
      }
      // Reading needs no more than the store has all the time.
      assertThat(client.refused("get_messages", room).get("code").asText())
          .isEqualTo("unavailable");
      await()
          .atMost(Client.PATIENCE)
          .until(() -> client.request("chat_authenticate", newer).path("ok").asBoolean());
      client.ok("get_messages", room);
    }
  }

  @Test
  void whatWasNotHeardUntilThenIsHeardAfterwards() {
    int ticket = TwoPods.newTicket();
    Map<String, Integer> room = Map.of("ticket_id", ticket);
    try (TwoPods two = new TwoPods("chat.limits.authentication-timeout", "60s")) {
      TestClient ana = TwoPods.in(two.a, "u:ana;admin;ttl=8", ticket);
      TestClient noor = TwoPods.in(two.b, "u:noor;admin", ticket);
      noor.say(ticket, "before");
      ana.awaitEvent("new_message");
      Session session = ana.session();
      session.loop().run(() -> session.awaitTokenAnew(Instant.now().plusSeconds(600)));
      await()
          .atMost(Client.PATIENCE)
          .until(() -> !ana.request("get_messages", room).path("ok").asBoolean());

      noor.say(ticket, "meanwhile");
      noor.awaitEvent("new_message", message -> message.get("seq").asLong() == 2);
      assertThat(ana.refused("get_messages", room).get("code").asText()).isEqualTo("unavailable");

      ana.authenticate("u:ana;admin");
      JsonNode state = ana.awaitEvent("joined_ticket_chat");
      assertThat(state.get("messages").findValuesAsText("text")).containsExactly("meanwhile");
      noor.say(ticket, "after");
      ana.awaitEvent("new_message", message -> message.get("seq").asLong() == 3);
      assertThat(TwoPods.seqs(ana, ticket)).containsExactly(1L, 3L);
    }
  }

  private static Map<String, JsonNode> authenticate(Map<String, TestClient> clients) {
    Map<String, Long> asked = new LinkedHashMap<>();
    clients.forEach((user, client) ->
        asked.put(user, client.ask("chat_authenticate", Map.of("token", "u:" + user + ";admin"))));
    Map<String, JsonNode> replies = new LinkedHashMap<>();
    asked.forEach(
        (user, ref) -> replies.put(user, clients.get(user).awaitReply(ref, Client.PATIENCE)));
    return replies;
  }
}
