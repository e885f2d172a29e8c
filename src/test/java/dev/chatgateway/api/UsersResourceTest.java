package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class UsersResourceTest {
  private static final String ISO = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @TestHTTPResource("/")
  URI gateway;

  private final String user = Api.newId();

  private ChatClient connect(String token) {
    ChatClient client = ChatClient.connect(gateway);
    client.authenticate(token);
    return client;
  }

  private ChatClient connect() {
    return connect(Tokens.user(user).sign());
  }

  private Response send(String body) {
    return Api.json(body).post("/api/users/{id}/events", user);
  }

  private Response close(String revokeBefore) {
    return Api.service()
        .queryParam("revoke_before", revokeBefore)
        .delete("/api/users/{id}/connections", user);
  }

  // --- events

  @Test
  void sendsAnyEventToAllConnectionsOfTheUserOnly() {
    String otherUser = Api.newId();
    try (ChatClient one = connect();
        ChatClient two = connect();
        ChatClient other = connect(Tokens.user(otherUser).sign())) {
      send("{\"event\":\"survey_offered\",\"data\":{\"survey\":7}}")
          .then()
          .statusCode(202)
          .body("connections", is(2));

      assertThat(one.awaitEvent("survey_offered").toString()).isEqualTo("{\"survey\":7}");
      assertThat(two.awaitEvent("survey_offered").toString()).isEqualTo("{\"survey\":7}");
      Api.json("{\"event\":\"fence\"}").post("/api/users/{id}/events", otherUser);
      other.awaitEvent("fence");
      assertThat(other.events("survey_offered")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"event\":\"e\"}", "{\"event\":\"e\",\"data\":null}"})
  void sendsAnEventWithoutData(String body) {
    try (ChatClient client = connect()) {
      send(body).then().statusCode(202).body("connections", is(1));

      assertThat(client.awaitEvent("e").toString()).isEqualTo("{}");
    }
  }

  @Test
  void saysWhereNobodyHearsTheEvent() {
    send("{\"event\":\"e\"}").then().statusCode(202).body("connections", is(0));
  }

  // --- presence

  @Test
  void hasNeverSeenAnUnknownUser() {
    Api.service()
        .get("/api/users/{id}/presence", user)
        .then()
        .statusCode(200)
        .body("user_id", is(user))
        .body("connected", is(false))
        .body("connections", is(0))
        .body("last_seen", nullValue());
  }

  @Test
  void knowsWhoIsConnectedAndWhoWas() {
    try (ChatClient one = connect();
        ChatClient two = connect()) {
      Api.service()
          .get("/api/users/{id}/presence", user)
          .then()
          .statusCode(200)
          .body("connected", is(true))
          .body("connections", is(2))
          .body("last_seen", matchesPattern(ISO));
    }
    await()
        .untilAsserted(() -> Api.service()
            .get("/api/users/{id}/presence", user)
            .then()
            .body("connected", is(false))
            .body("connections", is(0))
            .body("last_seen", matchesPattern(ISO)));
  }

  // --- closing connections

  @Test
  void closesAllConnectionsOfTheUserOnly() {
    String token = Tokens.user(user).sign();
    try (ChatClient one = connect(token);
        ChatClient two = connect(token);
        ChatClient other = connect(Tokens.user(Api.newId()).sign())) {
      Api.service()
          .delete("/api/users/{id}/connections", user)
          .then()
          .statusCode(200)
          .body("user_id", is(user))
          .body("connections", is(2));

      assertThat(one.awaitClose().code()).isEqualTo(4401);
      assertThat(two.awaitClose().code()).isEqualTo(4401);
      assertThat(other.isClosed()).isFalse();
    }
    connect(token).close(); // the token holds
  }

  @Test
  void closesNoneWhereThereAreNone() {
    Api.service()
        .delete("/api/users/{id}/connections", user)
        .then()
        .statusCode(200)
        .body("connections", is(0));
  }

  @Test
  void refusesOlderTokensFromNowOnIfToldTo() {
    String token = Tokens.user(user).issuedAt(Instant.now().minusSeconds(60)).sign();
    try (ChatClient client = connect(token)) {
      close("now").then().statusCode(200).body("connections", is(1));

      assertThat(client.awaitClose().code()).isEqualTo(4401);
    }
    requireRevoked(token);
    connect(Tokens.user(user).issuedAt(Instant.now().plusSeconds(2)).sign()).close();
  }

  @Test
  void refusesTokensIssuedUpToAnInstant() {
    requireRevokes(Instant::toString);
  }

  @Test
  void refusesTokensIssuedUpToATimeInMilliseconds() {
    requireRevokes(instant -> Long.toString(instant.toEpochMilli()));
  }

  private void requireRevokes(Function<Instant, String> text) {
    Instant when = Instant.now().minus(Duration.ofMinutes(5));

    close(text.apply(when)).then().statusCode(200);

    requireRevoked(Tokens.user(user).issuedAt(when.minusSeconds(1)).sign());
    connect(Tokens.user(user).issuedAt(when.plusSeconds(1)).sign()).close();
  }

  private void requireRevoked(String token) {
    try (ChatClient client = ChatClient.connect(gateway)) {
      assertThat(client
              .refused("chat_authenticate", Map.of("token", token))
              .get("code")
              .asText())
          .isEqualTo("invalid_token");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "NOW",
        "yesterday",
        "0",
        "-1",
        "1.5",
        "true",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-13-31T12:00:00Z",
        "1960-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2999-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
        "32503680000000",
        "99999999999999999999999999",
        "now\nnow"
      })
  void refusesABadTimeAndClosesNothing(String time) {
    try (ChatClient client = connect()) {
      Api.problem(close(time), 400, "bad_request")
          .body("detail", containsString("query.revoke_before"));

      client.authenticate(Tokens.user(user).sign());
      assertThat(client.isClosed()).isFalse();
    }
  }
}
