package dev.chatgateway.auth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.auth.TestIssuer.Key;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.SocketIoClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Whoever brings a token while the keys of its issuer can't be read, at every door. */
@QuarkusTest
@WithTestResource(KeyServerResource.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeysAwayTest {
  private static final Key FIRST = Key.of("first");

  @TestHTTPResource("/chat")
  URI gateway;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  KeyServer server;

  private URI ops() {
    return ready.resolve("/ops/pods");
  }

  private static Response api(String token) {
    return given().auth().oauth2(token).get("/api/users/7/presence");
  }

  private static String code(JsonNode error) {
    return error.get("code").asText();
  }

  private static void patiently(BooleanSupplier condition) {
    await()
        .atMost(Client.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(condition::getAsBoolean);
  }

  @Test
  @Order(1)
  void aPodIsReadyOnceKeysAreKnown() {
    await("the store")
        .until(
            () -> given().get(ready).path("checks.find { it.name == 'connections' }.data.started"));
    Response before = given().get(ready);
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.<Boolean>path("checks.find { it.name == 'connections' }.data.keys"))
        .isFalse();
    assertThat(api(FIRST.token("groups", List.of("service"))).statusCode()).isEqualTo(503);

    server.serves(FIRST);

    patiently(() -> given().get(ready).statusCode() == 200);
    patiently(() -> api(FIRST.token("groups", List.of("service"))).statusCode() == 200);
    server.fails(500);
    assertThat(given().get(ready).statusCode()).isEqualTo(200);
    assertThat(given().get(metrics).asString())
        .contains("chat_keys_age_seconds{issuer=\"default\"}");
  }

  @Test
  @Order(2)
  void nobodyIsRefusedForAKeyThatCanNotBeRead() {
    Key next = Key.of("next");
    server.fails(500);
    try (ChatClient byEvent = ChatClient.connect(gateway);
        ChatClient byHeader = ChatClient.to(gateway).bearer(next.token()).connect();
        SocketIoClient byAuth = SocketIoClient.connect(gateway, next.token())) {
      JsonNode refused = byEvent.refused("chat_authenticate", Map.of("token", next.token()));
      assertThat(code(refused)).isEqualTo("unavailable");
      assertThat(refused.get("retry").asBoolean()).isTrue();
      assertThat(refused.get("retry_after_ms").asLong()).isPositive();
      assertThat(code(byHeader.awaitEvent("error"))).isEqualTo("unavailable");
      assertThat(code(byAuth.awaitEvent("error"))).isEqualTo("unavailable");

      Response call = api(next.token("groups", List.of("service")));
      assertThat(call.statusCode()).isEqualTo(503);
      assertThat(call.contentType()).startsWith("application/problem+json");
      assertThat(call.<String>path("code")).isEqualTo("unavailable");
      assertThat(call.<Boolean>path("retry")).isTrue();
      assertThat(Integer.parseInt(call.header("Retry-After"))).isPositive();

      Response pods =
          given().auth().oauth2(next.token("groups", List.of("admin"))).get(ops());
      assertThat(pods.statusCode()).isEqualTo(503);
      assertThat(Integer.parseInt(pods.header("Retry-After"))).isPositive();

      server.serves(FIRST, next);

      for (Client client : List.of(byEvent, byHeader, byAuth)) {
        patiently(() -> client
            .request("chat_authenticate", Map.of("token", next.token()))
            .get("ok")
            .asBoolean());
      }
      patiently(() -> api(next.token("groups", List.of("service"))).statusCode() == 200);
      assertThat(given()
              .auth()
              .oauth2(next.token("groups", List.of("admin")))
              .get(ops())
              .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  @Order(3)
  void aMadeUpKidStandsInNobodysWay() {
    Key rotated = Key.of("rotated");
    server.serves(FIRST);
    patiently(() -> api(Key.of("made-up").token()).statusCode() == 401);
    server.serves(FIRST, rotated);

    patiently(() -> api(rotated.token("groups", List.of("service"))).statusCode() == 200);
  }

  @Test
  @Order(4)
  void theSkewIsTheSameAtEveryDoor() {
    server.serves(FIRST);
    patiently(() -> api(FIRST.token("groups", List.of("service"))).statusCode() == 200);
    long now = Instant.now().getEpochSecond();
    String over = FIRST.token("exp", now - 30, "groups", List.of("service"));
    String within = FIRST.token("exp", now - 1, "groups", List.of("service"));

    try (ChatClient client = ChatClient.connect(gateway);
        SocketIoClient other = SocketIoClient.connect(gateway)) {
      for (Client door : List.of(client, other)) {
        JsonNode refused = door.refused("chat_authenticate", Map.of("token", over));
        assertThat(code(refused)).isEqualTo("invalid_token");
        assertThat(refused.get("message").asText()).contains("exp");
        door.authenticate(within);
        assertThat(door.refused("join_ticket_chat", Map.of("ticket_id", 1))
                .get("code")
                .asText())
            .as("it is served")
            .isEqualTo("forbidden");
      }
    }
    assertThat(api(over).statusCode()).isEqualTo(401);
    assertThat(api(over).<String>path("detail")).contains("exp");
    assertThat(api(within).statusCode()).isEqualTo(200);
    assertThat(given().auth().oauth2(over).get(ops()).statusCode()).isEqualTo(401);
    assertThat(given().auth().oauth2(within).get(ops()).statusCode()).isEqualTo(200);
  }

  @Test
  @Order(5)
  void timesOutOfRangeAreTheTokensFaultAtEveryDoor() {
    server.serves(FIRST);
    patiently(() -> api(FIRST.token("groups", List.of("service"))).statusCode() == 200);
    for (long exp : List.of(1_790_000_000_000L, 1_000_000_000_000_000_000L)) {
      String token = FIRST.token("exp", exp, "groups", List.of("service"));
      try (ChatClient client = ChatClient.connect(gateway)) {
        assertThat(code(client.refused("chat_authenticate", Map.of("token", token))))
            .isEqualTo("invalid_token");
      }
      Response call = api(token);
      assertThat(call.statusCode()).isEqualTo(401);
      assertThat(call.<String>path("code")).isEqualTo("invalid_token");
      assertThat(call.header("WWW-Authenticate")).contains("invalid_token");
      assertThat(given().auth().oauth2(token).get(ops()).statusCode()).isEqualTo(401);
    }
  }
}
