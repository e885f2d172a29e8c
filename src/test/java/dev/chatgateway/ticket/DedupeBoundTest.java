package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How much a sender can make Redis remember for retries. */
class DedupeBoundTest {
  private static final int BOUND = 5;

  private final int ticket = newTicket();

  private static TwoPods pods(String window) {
    return new TwoPods(
        "chat.ticket.dedupe",
        window,
        "chat.ticket.dedupe-per-user",
        Integer.toString(BOUND),
        "chat.limits.messages.burst",
        "1000",
        "chat.limits.user-messages.burst",
        "1000");
  }

  @Test
  void fullUserIsRateLimitedAndNothingIsForgotten() {
    try (TwoPods two = pods("24h")) {
      TestClient ana = customer(two.a, "ana", ticket);
      TestClient anaToo = customer(two.b, "ana", ticket);
      TestClient bea = customer(two.b, "bea", ticket);
      for (int i = 0; i < BOUND; i++) {
        assertThat(send(i % 2 == 0 ? ana : anaToo, "k" + i).get("duplicate").asBoolean())
            .isFalse();
      }

      for (TestClient client : List.of(ana, anaToo)) {
        JsonNode refused = client.refused("send_message", message("further"));
        assertThat(refused.get("code").asText()).isEqualTo("rate_limited");
        assertThat(refused.get("retry_after_ms").asLong())
            .isBetween(1L, Duration.ofHours(24).toMillis() + 1);
      }

      for (int i = 0; i < BOUND; i++) {
        assertThat(send(i % 2 == 0 ? anaToo : ana, "k" + i).get("duplicate").asBoolean())
            .isTrue();
      }
      ana.say(ticket, "without a client_id");
      assertThat(send(bea, "k0").get("duplicate").asBoolean()).isFalse();
    }
  }

  @Test
  void refusedMessageIsAcceptedAfterTheTimeItWasTold() {
    try (TwoPods two = pods("1s")) {
      TestClient ana = customer(two.a, "ana", ticket);
      for (int round = 0; round < 3; round++) {
        int sent = 0;
        long waitMs = 0;
        while (waitMs == 0) { // on a slow machine some of them may be forgotten meanwhile
          JsonNode answer = ana.request("send_message", message("r" + round + "-" + sent++));
          if (!answer.get("ok").asBoolean()) {
            waitMs = answer.get("error").get("retry_after_ms").asLong();
          }
        }
        assertThat(sent).isGreaterThanOrEqualTo(BOUND);
        long since = now();
        long until = since + waitMs;
        await("its end").atMost(Duration.ofSeconds(60)).until(() -> {
          publish(two); // others turn the generations at any time
          return now() > until;
        });
        assertThat(send(ana, "after" + round).get("duplicate").asBoolean()).isFalse();
      }
    }
  }

  @Test
  void rememberedKeysTakeSixteenBytesWhateverTheClientIdIs() {
    try (TwoPods two = pods("24h")) {
      TestClient ana = customer(two.a, "a".repeat(64), ticket);
      send(ana, "\uD83D\uDE00".repeat(64));
      send(ana, "x");
      Set<byte[]> fields = TestRedis.ask(
          redis -> redis.hkeys(two.key(ticket, "dedupe").getBytes(StandardCharsets.UTF_8)));
      assertThat(fields).hasSize(3); // and how many there are
      assertThat(fields.stream().filter(field -> field.length == 16)).hasSize(2);
    }
  }

  @Test
  void emptyClientIdIsRefused() {
    try (TwoPods two = pods("24h")) {
      TestClient ana = customer(two.a, "ana", ticket);
      JsonNode refused = ana.refused("send_message", message(""));
      assertThat(refused.get("code").asText()).isEqualTo("bad_request");
      assertThat(refused.get("message").asText()).contains("client_id");
    }
  }

  @Test
  void usersAndClientIdsWithSeparatorsDontMeet() {
    try (TwoPods two = pods("24h")) {
      TestClient acme = customer(two.a, "acme", ticket);
      TestClient ann = customer(two.b, "acme:ann", ticket);
      assertThat(send(acme, "ann:x").get("duplicate").asBoolean()).isFalse();
      assertThat(send(ann, "x").get("duplicate").asBoolean()).isFalse();
    }
  }

  private Map<String, Object> message(String clientId) {
    return Map.of("ticket_id", ticket, "text", "x", "client_id", clientId);
  }

  private JsonNode send(TestClient client, String clientId) {
    return client.ok("send_message", message(clientId));
  }

  private void publish(TwoPods two) {
    Fields text = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    Messages.Author bot = new Messages.Author(null, "system/" + now(), "bot", "Bot", false);
    call(two.b, l -> two.b.pod().messages().publish(l, "" + ticket, bot, text, null));
  }

  private static long now() {
    return TestRedis.ask(redis -> {
      List<String> time = redis.time();
      return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    });
  }
}
