package dev.chatgateway.typing;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who types, as the other pod's clients see it. */
class TypingTest {
  private static TwoPods two;
  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.typing.shown", "600ms",
        "chat.typing.renewal", "100ms",
        "chat.limits.typing.per-second", "100000",
        "chat.limits.typing.burst", "100000");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void theRoomHearsWhoBeginsAndStops() {
    TestClient ana = in(two.a, "u:7;name=Ana;tickets=" + ticket, ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);

    start(ana);
    JsonNode typing = noor.awaitEvent("user_typing");
    assertThat(typing.get("user_id").asInt()).isEqualTo(7);
    assertThat(typing.get("user_name").asText()).isEqualTo("Ana");
    assertThat(typing.get("ticket_id").asInt()).isEqualTo(ticket);
    assertThat(typing.get("is_typing").asBoolean()).isTrue();
    assertThat(typing.get("expires_in_ms").asLong()).isBetween(1L, 600L);

    ana.ok("typing_stop", Map.of("ticket_id", ticket));
    assertThat(noor.awaitEvent("user_typing").get("is_typing").asBoolean()).isFalse();
    assertThat(typists(noor)).isEmpty();
  }

  @Test
  void aTypistWhoGoesQuietIsDroppedWithoutAnyoneAsking() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(ana);
    awaitTyping(noor, "ana", true);
    awaitTyping(noor, "ana", false);
    assertThat(typists(noor)).isEmpty();
    start(ana);
    awaitTyping(noor, "ana", true);
  }

  @Test
  void repeatsCostTheRoomNothingUntilTheEndItKnowsOfComesNear() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(ana);
    long first = noor.awaitEvent("user_typing").get("expires_in_ms").asLong();
    assertThat(first).isEqualTo(600);
    int[] repeats = {0};
    eventually("a renewal", () -> {
      start(ana);
      repeats[0]++;
      return noor.events("user_typing").size() > 1;
    });
    assertThat(noor.events("user_typing").get(1).get("is_typing").asBoolean()).isTrue();
    assertThat(repeats[0]).isGreaterThan(2);
    assertThat(typists(noor)).containsExactly("ana");
    awaitTyping(noor, "ana", false);
  }

  @Test
  void whoBeganSeveralTimesIsStillRenewedAndDroppedOnce() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    int times = 10;
    for (int i = 0; i < times; i++) {
      start(ana);
      if (i < times - 1) {
        ana.ok("typing_stop", Map.of("ticket_id", ticket));
      }
    }
    eventually("the end", () -> updates(noor, "ana", false) == times);
    assertThat(updates(noor, "ana", true)).isEqualTo(times);
  }

  @Test
  void whoGoesOnOnAnotherConnectionIsRenewedAndDroppedToo() {
    TestClient here = customer(two.a, "ana", ticket);
    TestClient there = customer(two.b, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(here);
    awaitTyping(noor, "ana", true);
    start(there);
    here.close();
    awaitTyping(noor, "ana", false);
    assertThat(typists(noor)).isEmpty();
  }

  @Test
  void sendingEndsIt() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(ana);
    ana.say(ticket, "done");
    awaitTyping(noor, "ana", true);
    awaitTyping(noor, "ana", false);
    noor.awaitEvent("new_message");
    assertThat(typists(noor)).isEmpty();
  }

  @Test
  void leavingEndsIt() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(ana);
    ana.ok("leave_ticket_chat", Map.of("ticket_id", ticket));
    awaitTyping(noor, "ana", true);
    awaitTyping(noor, "ana", false);
  }

  @Test
  void disconnectingEndsIt() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(ana);
    awaitTyping(noor, "ana", true);
    ana.abort();
    awaitTyping(noor, "ana", false);
  }

  @Test
  void theTypistsOwnConnectionsHearNothing() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient same = customer(two.a, "ana", ticket);
    TestClient other = customer(two.b, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    start(ana);
    awaitTyping(noor, "ana", true);
    ana.ok("typing_stop", Map.of("ticket_id", ticket));
    noor.say(ticket, "fence");
    for (Client client : List.of(ana, same, other)) {
      client.awaitEvent("new_message");
      assertThat(client.events("user_typing")).isEmpty();
    }
  }

  @Test
  void whoJoinsSeesWhoTypesAndTheTicketSystemDoesToo() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = two.b.connect("u:noor;admin");
    eventually("a snapshot with the typist", () -> {
      start(ana);
      JsonNode joined = noor.join(ticket);
      return joined.at("/typing/0/user_id").asText().equals("ana")
          && joined.at("/typing/0/started_at").asText().endsWith("Z");
    });
    start(ana);
    byte[] users = call(two.b, link -> two.b.pod().typing().users(link, "" + ticket));
    assertThat(new String(users, StandardCharsets.UTF_8)).contains("\"user_id\":\"ana\"");
  }

  @Test
  void onlyMembersOfTheRoomMayType() {
    TestClient ana = two.a.connect("u:ana;tickets=" + ticket);
    assertThat(
            ana.refused("typing_start", Map.of("ticket_id", ticket)).get("code").asText())
        .isEqualTo("not_joined");
    assertThat(ana.refused("typing_start", Map.of("ticket_id", 1)).get("code").asText())
        .isEqualTo("forbidden");
  }

  private void start(Client client) {
    client.ok("typing_start", Map.of("ticket_id", ticket, "user_id", "somebody"));
  }

  private static void awaitTyping(Client client, String user, boolean typing) {
    client.awaitEvent(
        "user_typing",
        event -> event.get("user_id").asText().equals(user)
            && event.get("is_typing").asBoolean() == typing);
  }

  private static long updates(Client client, String user, boolean typing) {
    return client.events("user_typing").stream()
        .filter(event -> event.get("user_id").asText().equals(user)
            && event.get("is_typing").asBoolean() == typing)
        .count();
  }

  private List<String> typists(Client client) {
    return client
        .ok("get_typing_users", Map.of("ticket_id", ticket))
        .get("users")
        .findValuesAsText("user_id");
  }
}
