package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TicketResourceTest {
  @TestHTTPResource("/")
  URI gateway;

  private final String ticket = Api.newId();

  private ChatClient inRoom(Object ticketId) {
    ChatClient client = ChatClient.connect(gateway);
    client.authenticate(Tokens.user("customer").tickets(ticketId).sign());
    client.join(ticketId);
    return client;
  }

  private static Response update(Object ticketId, String body) {
    return Api.json(body).post("/api/tickets/{id}/events", ticketId);
  }

  @Test
  void closesAndReopens() {
    try (ChatClient client = inRoom(ticket)) {
      Api.json("{\"closed\":true}")
          .put("/api/tickets/{id}", ticket)
          .then()
          .statusCode(200)
          .body("ticket_id", is(ticket))
          .body("closed", is(true));
      assertThat(client.awaitEvent("ticket_update").get("closed").booleanValue())
          .isTrue();
      assertThat(client
              .refused("send_message", Map.of("ticket_id", ticket, "text", "hi"))
              .get("code")
              .asText())
          .isEqualTo("ticket_closed");

      Api.json("{\"closed\":false}")
          .put("/api/tickets/{id}", ticket)
          .then()
          .statusCode(200)
          .body("closed", is(false));
      assertThat(client.awaitEvent("ticket_update").get("closed").booleanValue())
          .isFalse();
      client.say(ticket, "hi");
    }
  }

  @Test
  void forgetsAll() {
    try (ChatClient client = inRoom(ticket)) {
      Api.published(ticket, "hi");

      Api.service().delete("/api/tickets/{id}", ticket).then().statusCode(204).body(is(""));

      assertThat(client.awaitEvent("left_ticket_chat").get("reason").asText()).isEqualTo("deleted");
      Api.service().get("/api/tickets/{id}/messages", ticket).then().body("messages", empty());
      Api.service()
          .get("/api/tickets/{id}/participants", ticket)
          .then()
          .body("participants", empty());
    }
  }

  @Test
  void forgetsWhatItNeverKnew() {
    Api.service().delete("/api/tickets/{id}", ticket).then().statusCode(204);
  }

  @Test
  void tellsTheRoomOfAnUpdateAndTheOthersByANotification() {
    try (ChatClient inside = inRoom(ticket);
        ChatClient outside = ChatClient.connect(gateway)) {
      outside.authenticate(Tokens.admin("boss").sign());

      update(ticket, "{\"priority\":\"high\",\"assignee\":{\"id\":42}}")
          .then()
          .statusCode(202)
          .body(is(""));

      JsonNode update = inside.awaitEvent("ticket_update");
      assertThat(update.toString())
          .isEqualTo(
              "{\"ticket_id\":\"" + ticket + "\",\"priority\":\"high\",\"assignee\":{\"id\":42}}");
      JsonNode notification = outside.awaitEvent(
          "ticket_update_notification", data -> data.get("ticket_id").asText().equals(ticket));
      assertThat(notification).isEqualTo(update);
    }
  }

  @Test
  void takesAnEmptyUpdate() {
    try (ChatClient client = inRoom(ticket)) {
      update(ticket, "{}").then().statusCode(202);

      assertThat(client.awaitEvent("ticket_update").toString())
          .isEqualTo("{\"ticket_id\":\"" + ticket + "\"}");
    }
  }

  @Test
  void toleratesTheSameTicketIdInAnUpdate() {
    int number = (int) (System.nanoTime() % 1_000_000_000);
    try (ChatClient client = inRoom(number)) {
      update(number, "{\"ticket_id\":" + number + ",\"a\":1}").then().statusCode(202);
      update(number, "{\"a\":2,\"ticket_id\":\"" + number + "\"}").then().statusCode(202);

      assertThat(client.awaitEvent("ticket_update").toString())
          .isEqualTo("{\"ticket_id\":" + number + ",\"a\":1}");
      assertThat(client.awaitEvent("ticket_update").toString())
          .isEqualTo("{\"ticket_id\":" + number + ",\"a\":2}");
    }
  }

  @Test
  void refusesAnotherTicketIdInAnUpdate() {
    for (String other : new String[] {"\"other\"", "1", "null", "{}", "[1]", "true", "1.5"}) {
      Api.problem(update(ticket, "{\"ticket_id\":" + other + "}"), 400, "bad_request")
          .body("detail", containsString("ticket_id"));
    }
  }
}
