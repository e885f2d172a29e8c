package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.presence.UserStore;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User ids of common issuers, wherever a user id goes: from one pod to the other and back. */
class UserIdsTest {
  private static final TwoPods two = new TwoPods("chat.presence.grace", "0s");

  @AfterAll
  static void stop() {
    two.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "ann+chat@example.com",
        "google-oauth2|103547991597142817347",
        "|",
        "+@|",
        "9223372036854775808"
      })
  void arriveAsTheyAre(String user) {
    int ticket = TwoPods.newTicket();
    TestClient noor = TwoPods.in(two.b, "u:noor|staff;admin", ticket);
    TestClient idle = two.b.connect("u:idle@desk;admin");
    TestClient ann = two.a.connect("u:" + user + ";name=Ann;tickets=" + ticket);
    ann.ok(
        "chat_authenticate",
        Map.of("token", "u:" + user + ";name=Ann;tickets=" + ticket, "user_id", user));
    ann.join(ticket);

    is(noor.awaitEvent("user_joined"), user);
    ann.ok("typing_start", Map.of("ticket_id", ticket));
    is(noor.awaitEvent("user_typing"), user);
    ann.say(ticket, "hello");
    JsonNode message = noor.awaitEvent("new_message");
    is(message, user);
    is(idle.awaitEvent("ticket_message_notification"), user);
    TwoPods.mark(noor, "read", ticket, 1);
    is(ann.awaitEvent("message_status_update"), "noor|staff");
    JsonNode who = noor.ok("get_participants", Map.of("ticket_id", ticket));
    assertThat(who.findValuesAsText("user_id")).contains(user);
    is(noor.ok("get_messages", Map.of("ticket_id", ticket)).get("messages").get(0), user);

    UserStore.Presence presence = call(two.b, link -> two.b.pod().users().presence(link, user));
    assertThat(presence.connections()).isEqualTo(1);
    call(
        two.b,
        link ->
            two.b.pod().users().event(link, user, "hint", "{}".getBytes(StandardCharsets.UTF_8)));
    ann.awaitEvent("hint");
    boolean was = call(
        two.b, link -> two.b.pod().tickets().remove(link, Integer.toString(ticket), user, false));
    assertThat(was).isTrue();
    ann.awaitEvent("left_ticket_chat");
    is(noor.awaitEvent("user_left"), user);
    call(two.b, link -> two.b.pod().users().close(link, user, 0));
    assertThat(ann.awaitClose().code()).isEqualTo(4401);
    noor.close();
    idle.close();
  }

  private static void is(JsonNode event, String user) {
    assertThat(event.get("user_id").asText()).isEqualTo(user);
  }
}
