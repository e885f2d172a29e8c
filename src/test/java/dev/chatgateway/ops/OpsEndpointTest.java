package dev.chatgateway.ops;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The view of the pods on the management port: who may see it, and what is in it. */
@QuarkusTest
class OpsEndpointTest {
  @TestHTTPResource
  URI clients;

  @TestHTTPResource(value = "/health/live", management = true)
  URI management;

  private final String ticket = "ops-" + UUID.randomUUID();

  private String at(String path) {
    return management.resolve(path).toString();
  }

  private Response ask(String authorization) {
    return authorization == null
        ? given().get(at("/ops/pods"))
        : given().header("Authorization", authorization).get(at("/ops/pods"));
  }

  private JsonNode pod() {
    Response answer = ask("Bearer " + Tokens.admin("noor").sign());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonReader.object(answer.asByteArray()).at("/pods/0");
  }

  @Test
  void isNotForThoseWithoutAToken() {
    ask(null)
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", "Bearer")
        .header("Cache-Control", "no-store")
        .body("status", equalTo(401))
        .body("code", equalTo("unauthenticated"));
    ask("Basic YTpi").then().statusCode(401).body("code", equalTo("unauthenticated"));
    ask("Bearer ").then().statusCode(401).body("code", equalTo("unauthenticated"));
  }

  @Test
  void isNotForThoseWithABadToken() {
    String good = Tokens.admin("noor").sign();
    String expired = Tokens.admin("noor")
        .issuedAt(Instant.now().minus(Duration.ofHours(2)))
        .expiresAt(Instant.now().minus(Duration.ofHours(1)))
        .sign();
    for (String bad :
        new String[] {"x", good.substring(0, good.length() - 8), expired, "x".repeat(7000)}) {
      ask("Bearer " + bad)
          .then()
          .statusCode(401)
          .header("WWW-Authenticate", containsString("invalid_token"))
          .body("code", equalTo("invalid_token"));
    }
  }

  @Test
  void isNotForCustomers() {
    ask("Bearer " + Tokens.user("ana").tickets(ticket).sign())
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("code", equalTo("forbidden"))
        .body("detail", not(containsString("ana")));
  }

  @Test
  void takesNoTokenInTheAddress() {
    given()
        .queryParam("token", Tokens.admin("noor").sign())
        .queryParam("access_token", Tokens.admin("noor").sign())
        .get(at("/ops/pods"))
        .then()
        .statusCode(401);
  }

  @Test
  void isForStaffAndTheTicketSystem() {
    for (Tokens who : new Tokens[] {Tokens.admin("noor"), Tokens.service()}) {
      ask("Bearer " + who.sign())
          .then()
          .statusCode(200)
          .contentType("application/json")
          .header("Cache-Control", "no-store")
          .header("Access-Control-Allow-Origin", (String) null)
          .body("complete", equalTo(true));
    }
  }

  /** At least, since clients of other tests may be about to go; OpsViewIT knows how many there are. */
  @Test
  void countsConnectionsByDoorAndWhatTheyDo() {
    try (ChatClient ana = ChatClient.to(clients)
            .bearer(Tokens.user("ops-ana").tickets(ticket).sign())
            .connect();
        SocketIoClient bo = SocketIoClient.connect(
            clients, Tokens.user("ops-bo").tickets(ticket).sign())) {
      ana.awaitEvent("chat_authenticated");
      ana.join(ticket);
      bo.join(ticket);

      await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
        ana.say(ticket, "hello");
        ana.refused("join_ticket_chat", Map.of("ticket_id", "another"));
        JsonNode now = pod();
        assertThat(now.get("connections").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(now.get("socketio_connections").asInt())
            .isPositive()
            .isLessThan(now.get("connections").asInt());
        assertThat(now.get("users").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(now.get("rooms").asInt()).isPositive();
        assertThat(now.get("accepted_per_s").asDouble()).isPositive();
        assertThat(now.get("delivered_per_s").asDouble()).isPositive();
        assertThat(now.get("refused_per_s").asDouble()).isPositive();
        assertThat(now.get("relay_lag_ms").asDouble()).isPositive();
        assertThat(now.get("redis_ms").asDouble()).isPositive();
      });
    }
  }

  @Test
  void saysEverythingThatCanBeReported() {
    JsonNode pod = pod();
    for (Figure figure : Figure.values()) {
      assertThat(pod.get(figure.wire())).as(figure.wire()).isNotNull();
    }
    assertThat(pod.get("version").asText()).isNotEqualTo("unknown");
    assertThat(pod.get("draining").asBoolean()).isFalse();
    assertThat(pod.get("heard_ms_ago").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/ops,           text/html",
    "/ops/page.js,   text/javascript",
    "/ops/view.js,   text/javascript",
    "/ops/figures.js,text/javascript",
    "/ops/page.css,  text/css",
    "/ops/icon.svg,  image/svg+xml"
  })
  void thePageIsServedToAnybodyAndMayLoadNothingFromElsewhere(String path, String type) {
    given()
        .get(at(path))
        .then()
        .statusCode(200)
        .contentType(containsString(type))
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Content-Security-Policy", containsString("default-src 'none'; script-src 'self';"))
        .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
        .header("Content-Security-Policy", not(containsString("unsafe")))
        .body(not(containsString("http://localhost")))
        .body(not(containsString("https://")));
  }

  @Test
  void itsAddressHasNoSlashAtTheEndAsLinksGoFromThere() {
    given()
        .redirects()
        .follow(false)
        .get(at("/ops/"))
        .then()
        .statusCode(302)
        .header("Location", "../ops");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ops", "/ops/", "/ops/pods", "/ops/page.js"})
  void nothingOfItIsOnTheClientsPort(String path) {
    given()
        .header("Authorization", "Bearer " + Tokens.admin("noor").sign())
        .get(clients.resolve(path))
        .then()
        .statusCode(404);
  }
}
