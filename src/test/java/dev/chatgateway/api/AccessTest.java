package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.chatgateway.testing.Tokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may make the calls. */
@QuarkusTest
class AccessTest {
  static Stream<Api.Route> routes() {
    return Api.routes().stream();
  }

  private static Response call(RequestSpecification caller, Api.Route route) {
    if (route.hasBody()) {
      caller.contentType(ContentType.JSON).body("{}");
    }
    return caller.request(route.method(), route.example());
  }

  private static Response call(String token) {
    return Api.as(token).get("/api/users/1/presence");
  }

  @Test
  void knowsAllCallsOfTheContract() {
    assertThat(routes().map(Api.Route::toString))
        .containsExactlyInAnyOrder(
            "POST /api/tickets/{ticket_id}/messages",
            "GET /api/tickets/{ticket_id}/messages",
            "PUT /api/tickets/{ticket_id}/messages/{message_id}/status",
            "GET /api/tickets/{ticket_id}/messages/{message_id}/status",
            "GET /api/tickets/{ticket_id}/typing",
            "GET /api/tickets/{ticket_id}/participants",
            "DELETE /api/tickets/{ticket_id}/participants/{user_id}",
            "POST /api/tickets/{ticket_id}/events",
            "PUT /api/tickets/{ticket_id}",
            "DELETE /api/tickets/{ticket_id}",
            "POST /api/users/{user_id}/events",
            "GET /api/users/{user_id}/presence",
            "DELETE /api/users/{user_id}/connections",
            "POST /api/admins/events");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void refusesACallWithoutAToken(Api.Route route) {
    Api.problem(call(RestAssured.given(), route), 401, "unauthenticated")
        .header("WWW-Authenticate", "Bearer");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void refusesAnExpiredToken(Api.Route route) {
    String token = Tokens.service()
        .issuedAt(Instant.now().minus(Duration.ofHours(2)))
        .expiresAt(Instant.now().minus(Duration.ofHours(1)))
        .sign();

    Api.problem(call(Api.as(token), route), 401, "invalid_token")
        .header("WWW-Authenticate", containsString("invalid_token"));
  }

  @ParameterizedTest
  @MethodSource("routes")
  void refusesSupportStaff(Api.Route route) {
    Api.problem(call(Api.as(Tokens.admin("boss").sign()), route), 403, "forbidden");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void refusesCustomers(Api.Route route) {
    Api.problem(call(Api.as(Tokens.user("1").tickets("1").sign()), route), 403, "forbidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Service", "services", "service ", "admin,service", "**"})
  void refusesGroupsThatOnlyLookLikeService(String group) {
    Api.problem(call(Tokens.user("1").groups(group).sign()), 403, "forbidden");
  }

  @Test
  void doesNotTakeAClaimForTheGroup() {
    Api.problem(call(Tokens.user("1").claim("service", true).sign()), 403, "forbidden");
    Api.problem(call(Tokens.user("service").name("service").sign()), 403, "forbidden");
  }

  @Test
  void admitsTheTicketSystemWhateverElseItsTokenHolds() {
    call(Tokens.admin("boss").groups("service").sign()).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "null"})
  void refusesWhatIsNoToken(String token) {
    Api.problem(call(token), 401, "invalid_token");
  }

  @Test
  void refusesATokenOfAnotherIssuersKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);

    Api.problem(
        call(Tokens.service().sign(generator.generateKeyPair().getPrivate())),
        401,
        "invalid_token");
  }

  @Test
  void refusesATokenWithAChangedPart() {
    String[] parts = Tokens.service().sign().split("\\.");
    String[] others = Tokens.user("1").sign().split("\\.");

    Api.problem(call(others[0] + "." + parts[1] + "." + others[2]), 401, "invalid_token");
  }

  @Test
  void refusesATokenWithoutAUsableSubject() {
    Api.problem(call(Tokens.withoutSubject().groups("service").sign()), 401, "invalid_token");
    Api.problem(call(Tokens.user("a b").groups("service").sign()), 401, "invalid_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YTpi", "Bearer", "Bearer ", "Token x", "bearer_x"})
  void asksForABearerToken(String header) {
    Response response =
        RestAssured.given().header("Authorization", header).get("/api/users/1/presence");

    response.then().statusCode(401).contentType(Problem.MEDIA_TYPE);
    assertThat(response.<String>path("code")).isIn("unauthenticated", "invalid_token");
  }

  @Test
  void takesNoTokenFromTheQuery() {
    Response response = RestAssured.given()
        .queryParam("access_token", Tokens.service().sign())
        .get("/api/users/1/presence");

    Api.problem(response, 401, "unauthenticated").body("detail", not(containsString("eyJ")));
  }

  @Test
  void doesNotSayWhichFieldIsWrongToStrangers() {
    Response response = RestAssured.given()
        .contentType(ContentType.JSON)
        .body("{\"nonsense\":1}")
        .post("/api/tickets/1/messages");

    Api.problem(response, 401, "unauthenticated");
  }
}
