package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.chatgateway.testing.Tokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RateLimitTest.OneCallASecond.class)
class RateLimitTest {
  /** As strict a limit as can be: one call a second, three at once. */
  public static class OneCallASecond implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("chat.limits.http.per-second", "1", "chat.limits.http.burst", "3");
    }
  }

  private final String caller = Api.newId();

  private Response write(String caller) {
    return Api.as(Tokens.user(caller).groups("service").sign())
        .contentType(ContentType.JSON)
        .body("{\"event\":\"e\"}")
        .post("/api/users/1/events");
  }

  private Response read(String caller) {
    return Api.as(Tokens.user(caller).groups("service").sign()).get("/api/users/1/presence");
  }

  private Response writeUntilRefused() {
    for (int i = 0; i < 50; i++) {
      Response response = write(caller);
      if (response.statusCode() != 202) {
        assertThat(i).isGreaterThanOrEqualTo(3);
        return response;
      }
    }
    throw new AssertionError("never refused");
  }

  @Test
  void refusesACallerWhoWritesTooOftenAndSaysWhenToComeBack() {
    Api.problem(writeUntilRefused(), 429, "rate_limited")
        .header("Retry-After", "1")
        .body("retry_after_ms", greaterThan(0))
        .body("retry_after_ms", lessThanOrEqualTo(1000));
  }

  @Test
  void leavesOtherCallersAlone() {
    writeUntilRefused();

    write(Api.newId()).then().statusCode(202);
  }

  @Test
  void letsReadingCallsThrough() {
    writeUntilRefused();

    for (int i = 0; i < 10; i++) {
      read(caller).then().statusCode(200);
    }
  }

  @Test
  void doesNotCountCallsOfWhoMayNotMakeThem() {
    for (int i = 0; i < 10; i++) {
      Api.problem(
          Api.as(Tokens.user(caller).sign())
              .contentType(ContentType.JSON)
              .body("{\"event\":\"e\"}")
              .post("/api/users/1/events"),
          403,
          "forbidden");
    }

    write(caller).then().statusCode(202);
  }
}
