package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes publishing a message again harmless. */
@QuarkusTest
class RetriesTest {
  @TestHTTPResource("/")
  URI gateway;

  private final String ticket = Api.newId();

  private ChatClient inRoom() {
    ChatClient client = ChatClient.connect(gateway);
    client.authenticate(Tokens.user("customer").tickets(ticket).sign());
    client.join(ticket);
    return client;
  }

  private static Response publishWithKey(String sub, String ticket, String key) {
    return Api.as(Tokens.user(sub).groups("service").sign())
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", key)
        .body("{\"user_id\":1,\"text\":\"hi\"}")
        .post("/api/tickets/{id}/messages", ticket);
  }

  private void requireMessages(int count) {
    Api.service().get("/api/tickets/{id}/messages", ticket).then().body("messages", hasSize(count));
  }

  @Test
  void takesAnIdOnce() {
    String id = Api.newId();
    String body = "{\"id\":\"" + id + "\",\"user_id\":1,\"text\":\"hi\"}";
    try (ChatClient client = inRoom()) {
      Response first = Api.publish(ticket, body);
      Response second = Api.publish(ticket, body);
      Api.published(ticket, "another");
      client.awaitEvent("new_message", data -> data.get("text").asText().equals("another"));

      first.then().statusCode(201).body("id", is(id)).body("duplicate", is(false));
      second
          .then()
          .statusCode(200)
          .body("id", is(id))
          .body("duplicate", is(true))
          .body("seq", is(first.<Integer>path("seq")))
          .body("epoch", is(first.<String>path("epoch")))
          .body("sent_at", is(first.<String>path("sent_at")));
      assertThat(client.events("new_message")).hasSize(2);
    }
  }

  @Test
  void takesAnIntegerAsAnId() {
    Api.publish(ticket, "{\"id\":17,\"user_id\":1,\"text\":\"hi\"}")
        .then()
        .statusCode(201)
        .body("id", is("17"));
  }

  @Test
  void takesAnIdempotencyKeyOnce() {
    Response first = publishWithKey("a", ticket, "key-1");
    Response second = publishWithKey("a", ticket, "key-1");

    first.then().statusCode(201);
    second.then().statusCode(200).body("id", is(first.<String>path("id"))).body("seq", is(1));
    requireMessages(1);
  }

  @Test
  void givesEachTicketAndEachCallerKeysOfTheirOwn() {
    publishWithKey("a", ticket, "key-1").then().statusCode(201);

    publishWithKey("a", ticket, "key-2").then().statusCode(201);
    publishWithKey("a", Api.newId(), "key-1").then().statusCode(201);
    publishWithKey("b", ticket, "key-1").then().statusCode(201);
  }

  @Test
  void doesNotTakeOneCallersKeyForAnothers() {
    publishWithKey("a", ticket, "b:c").then().statusCode(201);

    publishWithKey("a:b", ticket, "c").then().statusCode(201);
  }

  @Test
  void doesNotTakeAKeyForAnId() {
    Api.publish(ticket, "{\"id\":\"same\",\"user_id\":1,\"text\":\"hi\"}")
        .then()
        .statusCode(201);

    publishWithKey("a", ticket, "same").then().statusCode(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!",
        "~",
        "\"quoted\"",
        "1234567890123456789012345678901234567890123456789012345678901234"
      })
  void takesAnyPrintableKey(String key) {
    publishWithKey("a", ticket, key).then().statusCode(201);
    publishWithKey("a", ticket, key).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\tb",
        "12345678901234567890123456789012345678901234567890123456789012345"
      })
  void refusesABadKey(String key) {
    Api.problem(publishWithKey("a", ticket, key), 400, "bad_request")
        .body("detail", containsString("Idempotency-Key"));
    requireMessages(0);
  }

  @Test
  void refusesTwoKeys() {
    Response response = Api.json("{\"user_id\":1,\"text\":\"hi\"}")
        .header("Idempotency-Key", "a", "b")
        .post("/api/tickets/{id}/messages", ticket);

    Api.problem(response, 400, "bad_request").body("detail", containsString("Idempotency-Key"));
  }
}
