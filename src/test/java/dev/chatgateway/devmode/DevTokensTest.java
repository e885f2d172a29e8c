package dev.chatgateway.devmode;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.chatgateway.testing.ChatClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens for whoever one says one is. */
@QuarkusTest
class DevTokensTest {
  @TestHTTPResource("/chat")
  URI gateway;

  @TestHTTPResource(value = "/health/live", management = true)
  URI management;

  @Test
  void opensTheGateway() {
    String token = token("""
        {"user_id":7,"user_name":"Ana","tickets":[101,"102"]}""");

    try (ChatClient ana = ChatClient.connect(gateway)) {
      var who = ana.authenticate(token);
      assertThat(who.get("user_id").asInt()).isEqualTo(7);
      assertThat(who.get("user_name").asText()).isEqualTo("Ana");
      assertThat(who.get("is_admin").asBoolean()).isFalse();
      ana.join(101);
      ana.join(102);
      assertThat(ana.refused("join_ticket_chat", Map.of("ticket_id", 103))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
    }
  }

  @Test
  void openTheLiveViewFromItsOwnPort() {
    assertThat(given().get(management.resolve("/ops")).asString()).contains("<html data-dev ");
    String token = given()
        .contentType("application/json")
        .body("""
            {"user_id":"ops","is_admin":true}""")
        .post(management.resolve(DevTokens.PATH))
        .then()
        .statusCode(200)
        .extract()
        .path("token");
    given()
        .header("Authorization", "Bearer " + token)
        .get(management.resolve("/ops/pods"))
        .then()
        .statusCode(200);
  }

  @Test
  void makesStaff() {
    String token = token("""
        {"user_id":"noor","is_admin":true,"tickets":[]}""");

    try (ChatClient noor = ChatClient.connect(gateway)) {
      var who = noor.authenticate(token);
      assertThat(who.get("is_admin").asBoolean()).isTrue();
      assertThat(who.get("user_name").asText()).isEqualTo("noor");
      noor.join(103);
    }
  }

  @Test
  void makesTheTicketSystem() {
    given()
        .header("Authorization", "Bearer " + token("{\"service\":true}"))
        .get("/api/tickets/101/participants")
        .then()
        .statusCode(200);
  }

  @Test
  void saysWhenTheTokenEnds() {
    Instant before = Instant.now();
    String end = given()
        .body("{\"user_id\":\"ana\",\"expires_in_s\":90}")
        .post("/dev/token")
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .extract()
        .path("expires_at");

    assertThat(Instant.parse(end))
        .isBetween(before.plusSeconds(89), Instant.now().plus(Duration.ofSeconds(90)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                                           | bad_request | object",
        "[]                                         | bad_request | object",
        "{}                                         | bad_request | user_id: is required",
        "{\"user_id\":\"a b\"}                      | bad_request | user_id",
        "{\"user_id\":7,\"tickets\":\"101\"}        | bad_request | tickets: must be an array",
        "{\"user_id\":7,\"tickets\":[101,\"\"]}     | bad_request | tickets[1]",
        "{\"user_id\":7,\"is_admin\":\"yes\"}       | bad_request | is_admin: must be true or false",
        "{\"user_id\":7,\"expires_in_s\":0}         | bad_request | expires_in_s: must be from 1",
        "{\"user_id\":7,\"admin\":true}             | bad_request | admin: unknown field",
      })
  void saysWhatIsWrong(String body, String code, String detail) {
    given()
        .body(body == null ? "" : body)
        .post("/dev/token")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo(code))
        .body("detail", containsString(detail));
  }

  private static String token(String claims) {
    return given()
        .body(claims)
        .post("/dev/token")
        .then()
        .statusCode(200)
        .extract()
        .path("token");
  }
}
