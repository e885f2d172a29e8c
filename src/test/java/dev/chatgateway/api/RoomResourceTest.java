package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RoomResourceTest {
  private static final String PARTICIPANT = "/api/tickets/{id}/participants/{user_id}";

  @TestHTTPResource("/")
  URI gateway;

  private final String ticket = Api.newId();

  private ChatClient inRoom(String token) {
    ChatClient client = ChatClient.connect(gateway);
    client.authenticate(token);
    client.join(ticket);
    return client;
  }

  private String customer(String userId) {
    return Tokens.user(userId).name("Mr " + userId).tickets(ticket).sign();
  }

  @Test
  void listsWhoIsThere() {
    try (ChatClient ann = inRoom(customer("7"));
        ChatClient annAgain = inRoom(customer("7"));
        ChatClient boss = inRoom(Tokens.admin("boss").sign())) {
      Api.service()
          .get("/api/tickets/{id}/participants", ticket)
          .then()
          .statusCode(200)
          .body("ticket_id", is(ticket))
          .body("participants_count", is(2))
          .body("participants.user_id", containsInAnyOrder((Object) 7, "boss"))
          .body("participants.find { it.user_id == 7 }.user_name", is("Mr 7"))
          .body("participants.find { it.user_id == 7 }.is_admin", is(false))
          .body("participants.find { it.user_id == 'boss' }.is_admin", is(true));
    }
  }

  @Test
  void listsNobodyInAnUnknownTicket() {
    Api.service()
        .get("/api/tickets/{id}/participants", ticket)
        .then()
        .statusCode(200)
        .body("participants_count", is(0))
        .body("participants", empty());
    Api.service()
        .get("/api/tickets/{id}/typing", ticket)
        .then()
        .statusCode(200)
        .body("ticket_id", is(ticket))
        .body("users", empty());
  }

  @Test
  void listsWhoTypes() {
    try (ChatClient ann = inRoom(customer("7"))) {
      ann.ok("typing_start", Map.of("ticket_id", ticket));

      Api.service()
          .get("/api/tickets/{id}/typing", ticket)
          .then()
          .statusCode(200)
          .body("users.user_id", contains(7))
          .body("users.user_name", contains("Mr 7"))
          .body("users[0].started_at", notNullValue());

      ann.ok("typing_stop", Map.of("ticket_id", ticket));

      Api.service().get("/api/tickets/{id}/typing", ticket).then().body("users", empty());
    }
  }

  @Test
  void putsAUserOutForGood() {
    String token = customer("7");
    try (ChatClient ann = inRoom(token);
        ChatClient boss = inRoom(Tokens.admin("boss").sign())) {
      Api.service()
          .delete(PARTICIPANT, ticket, "7")
          .then()
          .statusCode(200)
          .body("ticket_id", is(ticket))
          .body("user_id", is(7))
          .body("removed", is(true));

      assertThat(ann.awaitEvent("left_ticket_chat").get("reason").asText()).isEqualTo("removed");
      assertThat(boss.awaitEvent("user_left").get("user_id").intValue()).isEqualTo(7);
      assertThat(ann.refused("join_ticket_chat", Map.of("ticket_id", ticket))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
      assertThat(ann.isClosed()).isFalse();
    }
  }

  @Test
  void closesTheConnectionOfWhoIsPutOutIfToldTo() {
    try (ChatClient ann = inRoom(customer("7"))) {
      Api.service()
          .queryParam("close", true)
          .delete(PARTICIPANT, ticket, "7")
          .then()
          .statusCode(200)
          .body("removed", is(true));

      Client.Closed closed = ann.awaitClose();
      assertThat(closed.code()).isEqualTo(4403);
    }
  }

  @Test
  void doesNotCloseWhereCloseIsFalse() {
    try (ChatClient ann = inRoom(customer("7"))) {
      Api.service().queryParam("close", false).delete(PARTICIPANT, ticket, "7");

      ann.awaitEvent("left_ticket_chat");
      ann.ok("chat_authenticate", Map.of("token", customer("7")));
    }
  }

  @Test
  void saysWhereThereWasNobodyToPutOut() {
    Api.service()
        .delete(PARTICIPANT, ticket, "7")
        .then()
        .statusCode(200)
        .body("removed", is(false));
  }

  @Test
  void forgetsWhoLeft() {
    inRoom(customer("7")).close();

    await()
        .untilAsserted(() -> Api.service()
            .get("/api/tickets/{id}/participants", ticket)
            .then()
            .body("participants_count", is(0)));
  }
}
