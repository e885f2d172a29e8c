package dev.chatgateway.socketio;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is on the one door and who is on the other are in the same room. */
@QuarkusTest
class BothDoorsTest {
  @TestHTTPResource("/")
  URI gateway;

  private final int ticket = TwoPods.newTicket();
  private Client ana;
  private Client noor;

  private void join(boolean anaOnSocketIo) {
    ana = anaOnSocketIo ? SocketIoClient.connect(gateway) : ChatClient.connect(gateway);
    noor = anaOnSocketIo ? ChatClient.connect(gateway) : SocketIoClient.connect(gateway);
    ana.authenticate(Tokens.user("ana").name("Ana").tickets(ticket).sign());
    noor.authenticate(Tokens.admin("noor").name("Noor").sign());
    ana.join(ticket);
    noor.join(ticket);
  }

  @AfterEach
  void leave() {
    ana.close();
    noor.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theyHearOfEachOther(boolean anaOnSocketIo) {
    join(anaOnSocketIo);

    assertThat(ana.awaitEvent("user_joined", isOf("noor")).get("is_admin").asBoolean())
        .isTrue();
    noor.send("typing_start", Map.of("ticket_id", ticket));
    assertThat(ana.awaitEvent("user_typing").get("is_typing").asBoolean()).isTrue();
    noor.send("typing_stop", Map.of("ticket_id", ticket));
    assertThat(ana.awaitEvent("user_typing").get("is_typing").asBoolean()).isFalse();
    noor.send("leave_ticket_chat", Map.of("ticket_id", ticket));
    ana.awaitEvent("user_left", isOf("noor"));
    noor.awaitEvent("left_ticket_chat");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theyReadWhatTheOtherWrites(boolean anaOnSocketIo) {
    join(anaOnSocketIo);

    JsonNode accepted = ana.say(ticket, "Grüße, 𝄞 and \"quotes\"");

    JsonNode heard = noor.awaitEvent("new_message");
    assertThat(heard).isEqualTo(ana.awaitEvent("new_message"));
    assertThat(heard.get("id")).isEqualTo(accepted.get("id"));
    assertThat(heard.get("text").asText()).isEqualTo("Grüße, 𝄞 and \"quotes\"");

    noor.ok(
        "mark_messages_read",
        Map.of("ticket_id", ticket, "message_ids", List.of(accepted.get("id"))));
    JsonNode read = ana.awaitEvent("message_status_update");
    assertThat(read.get("message_id")).isEqualTo(accepted.get("id"));
    assertThat(read.get("status").asText()).isEqualTo("read");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theyHearTheTicketSystem(boolean anaOnSocketIo) {
    join(anaOnSocketIo);
    Client away = anaOnSocketIo ? SocketIoClient.connect(gateway) : ChatClient.connect(gateway);
    away.authenticate(Tokens.admin("away").sign());

    given()
        .auth()
        .oauth2(Tokens.service().sign())
        .contentType(ContentType.JSON)
        .body(Map.of("state", "escalated"))
        .post("/api/tickets/" + ticket + "/events")
        .then()
        .statusCode(lessThan(300));
    ana.say(ticket, "hello?");

    for (Client client : List.of(ana, noor)) {
      assertThat(client.awaitEvent("ticket_update").get("state").asText()).isEqualTo("escalated");
    }
    away.awaitEvent("ticket_update_notification", it -> it.get("ticket_id").asInt() == ticket);
    JsonNode told =
        away.awaitEvent("ticket_message_notification", it -> it.get("ticket_id").asInt() == ticket);
    assertThat(told.get("preview").asText()).isEqualTo("hello?");
    away.close();
  }

  private static Predicate<JsonNode> isOf(String user) {
    return event -> event.get("user_id").asText().equals(user);
  }
}
