package dev.chatgateway.ops;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Kubernetes asks, with Redis and without. */
@QuarkusTest
class ProbesTest {
  @TestHTTPResource("/chat")
  URI gateway;

  @TestHTTPResource(value = "/health/live", management = true)
  URI live;

  @TestHTTPResource(value = "/health/ready", management = true)
  URI ready;

  private final String ticket = "probes-" + UUID.randomUUID();

  @AfterEach
  void redisIsBack() {
    TestRedis.resume();
    await()
        .until(() -> given()
            .get(ready)
            .path("checks.find { it.name == 'connections' }.data.store")
            .equals("reachable"));
  }

  @Test
  void livenessSaysThatTheLoopsTurn() {
    given()
        .get(live)
        .then()
        .statusCode(200)
        .contentType("application/json")
        .body("status", equalTo("UP"))
        .body("checks[0].name", equalTo("event-loops"));
  }

  @Test
  void readinessSaysWhatItGoesBy() {
    try (ChatClient client = ChatClient.connect(gateway)) {
      client.awaitEvent("chat_connected");
      given()
          .get(ready)
          .then()
          .statusCode(200)
          .contentType("application/json")
          .body("status", equalTo("UP"))
          .body("checks.find { it.name == 'connections' }.data.started", equalTo(true))
          .body("checks.find { it.name == 'connections' }.data.draining", equalTo(false))
          .body("checks.find { it.name == 'connections' }.data.full", equalTo(false))
          .body("checks.find { it.name == 'connections' }.data.store", equalTo("reachable"))
          .body(
              "checks.find { it.name == 'connections' }.data.connections", greaterThanOrEqualTo(1));
    }
  }

  @Test
  void probesAreNotOnTheClientsPort() {
    given()
        .get(gateway.resolve("/q/health/ready").toString().replace("ws:", "http:"))
        .then()
        .statusCode(404);
    given()
        .get(gateway.resolve("/q/metrics").toString().replace("ws:", "http:"))
        .then()
        .statusCode(404);
  }

  @Test
  void withoutRedisThePodStaysReadySaysSoAndRefusesToSend() {
    String token = Tokens.user("ana").tickets(ticket).sign();
    try (ChatClient ana = ChatClient.to(gateway).bearer(token).connect();
        ChatClient other = ChatClient.to(gateway).bearer(token).connect()) {
      ana.awaitEvent("chat_authenticated");
      ana.join(ticket);
      ana.say(ticket, "before");
      TestRedis.pause();

      ana.awaitEvent("degraded");
      given()
          .get(ready)
          .then()
          .statusCode(200)
          .body("checks.find { it.name == 'connections' }.data.store", equalTo("unreachable"));
      given().get(live).then().statusCode(200);
      JsonNode error = ana.refused(
          "send_message", Map.of("ticket_id", ticket, "text", "during", "client_id", "c1"));
      assertThat(error.get("code").asText()).isEqualTo("unavailable");
      assertThat(error.get("retry").asBoolean()).isTrue();
      try (ChatClient late = ChatClient.connect(gateway)) {
        late.awaitEvent("degraded");
        JsonNode refused = late.refused("chat_authenticate", Map.of("token", token));
        assertThat(refused.get("code").asText()).isEqualTo("unavailable");
      }

      TestRedis.resume();
      ana.awaitEvent("restored");
      ana.ok("send_message", Map.of("ticket_id", ticket, "text", "during", "client_id", "c1"));
      ana.awaitEvent("new_message", data -> data.get("text").asText().equals("during"));
      assertThat(ana.events("new_message")).hasSize(2);
      other.awaitEvent("degraded");
      other.awaitEvent("restored");
    }
  }
}
