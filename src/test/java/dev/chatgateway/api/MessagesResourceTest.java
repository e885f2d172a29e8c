package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.isA;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class MessagesResourceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestHTTPResource("/")
  URI gateway;

  private final String ticket = Api.newId();

  private ChatClient inRoom() {
    ChatClient client = ChatClient.connect(gateway);
    client.authenticate(Tokens.user("customer").tickets(ticket).sign());
    client.join(ticket);
    return client;
  }

  private JsonNode history() {
    try {
      return JSON.readTree(
          Api.service().get("/api/tickets/{id}/messages", ticket).asByteArray());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  // --- publishing

  @Test
  void answersWithWhatWasStored() {
    Api.publish(ticket, "{\"user_id\":42,\"text\":\"hi\"}")
        .then()
        .statusCode(201)
        .contentType(ContentType.JSON)
        .body("ticket_id", is(ticket))
        .body("seq", is(1))
        .body("epoch", notNullValue())
        .body("id", notNullValue())
        .body("sent_at", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"))
        .body("status", is("sent"))
        .body("duplicate", is(false));
  }

  @Test
  void tellsTheRoom() {
    try (ChatClient client = inRoom()) {
      Response accepted = Api.publish(
          ticket,
          "{\"user_id\":42,\"user_name\":\"Ann\",\"is_admin\":true,\"text\":\"hi\","
              + "\"data\":{\"kind\":\"note\"}}");

      JsonNode message = client.awaitEvent("new_message");

      assertThat(message.get("id").textValue()).isEqualTo(accepted.path("id"));
      assertThat(message.get("ticket_id").textValue()).isEqualTo(ticket);
      assertThat(message.get("seq").intValue()).isEqualTo(1);
      assertThat(message.get("epoch").textValue()).isEqualTo(accepted.path("epoch"));
      assertThat(message.get("user_id").isInt()).isTrue();
      assertThat(message.get("user_id").intValue()).isEqualTo(42);
      assertThat(message.get("user_name").textValue()).isEqualTo("Ann");
      assertThat(message.get("is_admin").booleanValue()).isTrue();
      assertThat(message.get("text").textValue()).isEqualTo("hi");
      assertThat(message.at("/data/kind").textValue()).isEqualTo("note");
      assertThat(message.get("client_id").isNull()).isTrue();
      assertThat(message.get("sent_at").textValue()).isEqualTo(accepted.path("sent_at"));
      assertThat(message.get("status").textValue()).isEqualTo("sent");
    }
  }

  @Test
  void notifiesSupportStaffElsewhere() {
    try (ChatClient admin = ChatClient.connect(gateway)) {
      admin.authenticate(Tokens.admin("boss").sign());

      Api.publish(ticket, "{\"user_id\":\"u\",\"user_name\":\"A\\nnn\",\"text\":\"hello there\"}");

      JsonNode notification = admin.awaitEvent(
          "ticket_message_notification", data -> data.get("ticket_id").asText().equals(ticket));
      assertThat(notification.get("user_name").textValue()).isEqualTo("Ann");
      assertThat(notification.get("preview").textValue()).isEqualTo("hello there");
      assertThat(notification.get("unread").intValue()).isEqualTo(1);
    }
  }

  @Test
  void givesANumericTicketIdBackAsANumber() {
    String number = String.valueOf(System.nanoTime() % 1_000_000_000_000L);

    Api.publish(number, "{\"user_id\":1,\"text\":\"hi\"}")
        .then()
        .statusCode(201)
        .body("ticket_id.toString()", is(number))
        .body("ticket_id", isA(Number.class));
  }

  @Test
  void takesTheUsersIdForAMissingName() {
    Api.publish(ticket, "{\"user_id\":42,\"text\":\"hi\"}").then().statusCode(201);
    Api.publish(ticket, "{\"user_id\":42,\"user_name\":null,\"text\":\"hi\"}")
        .then()
        .statusCode(201);
    Api.publish(ticket, "{\"user_id\":42,\"user_name\":\" \\u0007 \",\"text\":\"hi\"}")
        .then()
        .statusCode(201);

    assertThat(history().get("messages").findValuesAsText("user_name"))
        .containsExactly("42", "42", "42");
  }

  @Test
  void showsNamesWithoutControlCharacters() {
    Api.publish(
            ticket, "{\"user_id\":1,\"user_name\":\" A\\u0000n\\r\\nn\\u0085 \",\"text\":\"hi\"}")
        .then()
        .statusCode(201);

    assertThat(history().at("/messages/0/user_name").textValue()).isEqualTo("Ann");
  }

  @Test
  void isNotByAnAdminUnlessToldSo() {
    Api.publish(ticket, "{\"user_id\":1,\"text\":\"hi\"}").then().statusCode(201);

    assertThat(history().at("/messages/0/is_admin").booleanValue()).isFalse();
  }

  @Test
  void keepsDataAsItWas() {
    String data = "{\"price\":1.10,\"big\":12345678901234567890,\"list\":[null,true,\"\\u00e9\"]}";
    Api.publish(ticket, "{\"user_id\":1,\"data\":" + data + "}").then().statusCode(201);

    String stored = Api.service().get("/api/tickets/{id}/messages", ticket).asString();

    assertThat(stored)
        .contains("\"text\":null")
        .contains("{\"price\":1.10,\"big\":12345678901234567890,\"list\":[null,true,\"é\"]}");
  }

  @Test
  void takesTextOfTheGreatestLengthInAnyScript() {
    String text = "\uD83D\uDE00".repeat(8000);

    Api.publish(ticket, "{\"user_id\":1,\"text\":\"" + text + "\"}").then().statusCode(201);

    assertThat(history().at("/messages/0/text").textValue()).isEqualTo(text);
  }

  @Test
  void publishesToAClosedTicketToo() {
    Api.json("{\"closed\":true}").put("/api/tickets/{id}", ticket).then().statusCode(200);

    Api.publish(ticket, "{\"user_id\":1,\"text\":\"hi\"}").then().statusCode(201);
  }

  // --- history

  @Test
  void givesTheNewestPageOfHistory() {
    List<String> ids = IntStream.rangeClosed(1, 5)
        .mapToObj(i -> Api.published(ticket, "m" + i))
        .toList();

    Api.service()
        .queryParam("limit", 3)
        .get("/api/tickets/{id}/messages", ticket)
        .then()
        .statusCode(200)
        .contentType(ContentType.JSON)
        .body("ticket_id", is(ticket))
        .body("messages.id", is(ids.subList(2, 5)))
        .body("messages.seq", contains(3, 4, 5))
        .body("more", is(true));
  }

  @Test
  void givesHistoryBeforeAndAfterAMessage() {
    IntStream.rangeClosed(1, 5).forEach(i -> Api.published(ticket, "m" + i));

    Api.service()
        .queryParams(Map.of("before_seq", 3, "limit", 1))
        .get("/api/tickets/{id}/messages", ticket)
        .then()
        .body("messages.seq", contains(2))
        .body("more", is(true));
    Api.service()
        .queryParam("after_seq", 3)
        .get("/api/tickets/{id}/messages", ticket)
        .then()
        .body("messages.seq", contains(4, 5))
        .body("more", is(false));
    Api.service()
        .queryParam("after_seq", 0)
        .get("/api/tickets/{id}/messages", ticket)
        .then()
        .body("messages.seq", contains(1, 2, 3, 4, 5));
  }

  @Test
  void hasNoHistoryOfAnUnknownTicket() {
    Api.service()
        .get("/api/tickets/{id}/messages", ticket)
        .then()
        .statusCode(200)
        .body("messages", empty())
        .body("more", is(false));
  }
}
