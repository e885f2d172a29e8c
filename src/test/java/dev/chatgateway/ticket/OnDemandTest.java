package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many bytes a user may ask for. */
class OnDemandTest {
  private static TwoPods two;
  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.limits.on-demand.burst",
        "1M",
        "chat.limits.on-demand.per-second",
        "256K",
        "chat.limits.messages.burst",
        "1000",
        "chat.limits.user-messages.burst",
        "1000",
        "chat.limits.refused-frames",
        "100000");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void whoAsksForTooMuchIsRefusedAndToldWhenItWorks() {
    TestClient ana = filled("ana");
    JsonNode error = null;
    long bytes = 0;
    for (int i = 0; error == null && i < 100; i++) {
      JsonNode reply = ana.request("get_messages", Map.of("ticket_id", ticket, "limit", 100));
      bytes += reply.toString().getBytes(StandardCharsets.UTF_8).length;
      error = reply.get("error");
    }
    assertThat(error).as("after " + bytes + " bytes").isNotNull();
    assertThat(error.get("code").asText()).isEqualTo("rate_limited");
    assertThat(bytes).isBetween(500_000L, 3_000_000L);

    long told = error.get("retry_after_ms").asLong();
    assertThat(told).isBetween(1L, 1_001L);
    await().pollDelay(Duration.ofMillis(told)).until(() -> {
      ana.ok("get_messages", Map.of("ticket_id", ticket, "limit", 100));
      return true;
    });
  }

  @Test
  void itIsTheUsersWhicheverTheConnectionAndOutlastsIt() {
    TestClient ana = filled("bea");
    JsonNode error = null;
    for (int i = 0; error == null && i < 100; i++) {
      error =
          ana.request("get_messages", Map.of("ticket_id", ticket, "limit", 100)).get("error");
    }
    ana.close();
    TestClient again = two.a.connect("u:bea;tickets=" + ticket);
    again.join(ticket);
    again.refused("get_messages", Map.of("ticket_id", ticket, "limit", 100));

    TestClient other = customer(two.a, "other", ticket);
    other.ok("get_messages", Map.of("ticket_id", ticket, "limit", 100));
  }

  @Test
  void joinsArePacedAndNotRefused() {
    filled("cleo");
    TestClient cleo = two.a.connect("u:cleo;tickets=" + ticket);
    List<Long> joins = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      joins.add(cleo.ask("join_ticket_chat", Map.of("ticket_id", ticket)));
    }
    long begun = System.nanoTime();
    joins.forEach(join ->
        assertThat(cleo.awaitReply(join, Client.PATIENCE).get("ok").asBoolean()).isTrue());
    assertThat(System.nanoTime() - begun)
        .as("14 x 120 KB, 1 MB at once")
        .isGreaterThan(500_000_000L);
  }

  private TestClient filled(String user) {
    TestClient writer = customer(two.b, user + "-writer", ticket);
    for (int i = 0; i < 12; i++) {
      writer.say(ticket, "€".repeat(4_700));
    }
    return customer(two.a, user, ticket);
  }
}
