package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
class StatusResourceTest {
  private static final String PATH = "/api/tickets/{id}/messages/{message_id}/status";

  @TestHTTPResource("/")
  URI gateway;

  private final String ticket = Api.newId();

  private Response set(String messageId, String body) {
    return Api.json(body).put(PATH, ticket, messageId);
  }

  private void requireStatus(String messageId, String status) {
    Api.service()
        .get(PATH, ticket, messageId)
        .then()
        .statusCode(200)
        .body("ticket_id", is(ticket))
        .body("message_id", is(messageId))
        .body("status", is(status));
  }

  @Test
  void isSentAtFirst() {
    requireStatus(Api.published(ticket, "hi"), "sent");
  }

  @Test
  void movesUp() {
    String id = Api.published(ticket, "hi");

    set(id, "{\"status\":\"delivered\"}")
        .then()
        .statusCode(200)
        .body("ticket_id", is(ticket))
        .body("message_id", is(id))
        .body("status", is("delivered"))
        .body("changed", is(true));
    requireStatus(id, "delivered");
    set(id, "{\"status\":\"read\"}").then().statusCode(200).body("changed", is(true));
    requireStatus(id, "read");
  }

  @Test
  void neverMovesBackAndSaysSo() {
    String id = Api.published(ticket, "hi");
    set(id, "{\"status\":\"read\"}").then().statusCode(200);

    for (String status : new String[] {"sent", "delivered", "read"}) {
      set(id, "{\"status\":\"" + status + "\"}")
          .then()
          .statusCode(200)
          .body("status", is("read"))
          .body("changed", is(false));
    }
    requireStatus(id, "read");
  }

  @Test
  void findsAMessageByTheIdTheTicketSystemGave() {
    Api.publish(ticket, "{\"id\":\"own\",\"user_id\":1,\"text\":\"hi\"}").then().statusCode(201);

    set("own", "{\"status\":\"delivered\"}").then().statusCode(200).body("changed", is(true));
    requireStatus("own", "delivered");
  }

  @Test
  void tellsTheRoomOnceByWhomItWasMoved() {
    String id = Api.published(ticket, "hi");
    try (ChatClient client = ChatClient.connect(gateway)) {
      client.authenticate(Tokens.user("customer").tickets(ticket).sign());
      client.join(ticket);

      set(id, "{\"status\":\"delivered\",\"user_id\":7}");
      set(id, "{\"status\":\"delivered\",\"user_id\":8}");
      set(id, "{\"status\":\"read\"}");

      JsonNode delivered = client.awaitEvent("message_status_update");
      assertThat(delivered.get("message_id").textValue()).isEqualTo(id);
      assertThat(delivered.get("status").textValue()).isEqualTo("delivered");
      assertThat(delivered.get("user_id").intValue()).isEqualTo(7);
      JsonNode read = client.awaitEvent("message_status_update");
      assertThat(read.get("status").textValue()).isEqualTo("read");
      assertThat(read.get("user_id").textValue()).isEqualTo("ticket-system");
    }
  }

  @Test
  void doesNotKnowAMessageThatIsNotKept() {
    Api.published(ticket, "hi");

    Api.problem(set("none", "{\"status\":\"read\"}"), 404, "bad_request");
    Api.problem(Api.service().get(PATH, ticket, "none"), 404, "bad_request");
    Api.problem(Api.service().get(PATH, Api.newId(), "none"), 404, "bad_request");
    Api.problem(
        Api.json("{\"status\":\"read\"}").put(PATH, Api.newId(), "none"), 404, "bad_request");
  }

  @Test
  void doesNotKnowAnotherTicketsMessage() {
    String id = Api.published(Api.newId(), "hi");

    Api.problem(set(id, "{\"status\":\"read\"}"), 404, "bad_request");
  }
}
