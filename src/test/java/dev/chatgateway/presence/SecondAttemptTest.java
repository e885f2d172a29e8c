package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
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
