package dev.chatgateway.api;

import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every query parameter and every id in a path, each in all the ways it can be wrong. */
@QuarkusTest
class BadAddressTest {
  private static final String MESSAGES = "/api/tickets/1/messages";

  // --- query parameters

  static Stream<Arguments> badQueries() {
    List<Arguments> cases = new ArrayList<>();
    for (String name : List.of("before_seq", "after_seq", "limit")) {
      for (String no : List.of(
          "",
          "a",
          "1.0",
          "1e1",
          "+1",
          "%201",
          "01",
          "0x1",
          "--1",
          "-1",
          "true",
          "null",
          "1,2",
          "99999999999999999999",
          "9223372036854775807",
          "%00",
          "%F0%9F%98%80")) {
        cases.add(Arguments.of("GET", MESSAGES + "?" + name + "=" + no, "query." + name));
      }
      cases.add(Arguments.of("GET", MESSAGES + "?" + name, "query." + name));
      cases.add(Arguments.of("GET", MESSAGES + "?" + name + "=1&" + name + "=1", "query." + name));
    }
    cases.add(Arguments.of("GET", MESSAGES + "?before_seq=0", "query.before_seq"));
    cases.add(Arguments.of("GET", MESSAGES + "?limit=0", "query.limit"));
    cases.add(Arguments.of("GET", MESSAGES + "?limit=101", "query.limit"));
    cases.add(Arguments.of("GET", MESSAGES + "?before_seq=1&after_seq=1", "query.after_seq"));
    for (String no : List.of("", "yes", "1", "0", "TRUE", "null")) {
      cases.add(Arguments.of("DELETE", "/api/tickets/1/participants/1?close=" + no, "query.close"));
    }
    for (Api.Route route : Api.routes()) {
      for (String unknown : List.of("foo", "Limit", "closed", "access_token")) {
        cases.add(Arguments.of(
            route.method(), route.example() + "?" + unknown + "=1", "query." + unknown));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("badQueries")
  void namesTheQueryParameterThatIsWrong(String method, String path, String told) {
    Response response = Api.json("{}").urlEncodingEnabled(false).request(method, path);

    Api.problem(response, 400, "bad_request").body("detail", startsWith(told));
  }

  // --- ids in the path

  /** Escapes that no path may hold, whatever they would be a part of. */
  private static final List<String> IN_NO_PATH = List.of("a%2Fb", "%00", "%0A");

  static Stream<Arguments> badIds() {
    List<Arguments> cases = new ArrayList<>();
    for (Api.Route route : Api.routes()) {
      String[] parts = route.path().split("/");
      for (int i = 0; i < parts.length; i++) {
        if (parts[i].startsWith("{")) {
          for (String id : List.of(
              "%20",
              "a%20b",
              "a%2Fb",
              "%00",
              "%0A",
              "a%7Bb%7D",
              "%C3%A9",
              "a,b",
              "a+b",
              "*",
              "%2A",
              "a".repeat(65))) {
            String[] with = parts.clone();
            with[i] = id;
            String path = String.join("/", with).replaceAll("\\{[^}]*}", "1");
            String name = parts[i].substring(1, parts[i].length() - 1);
            cases.add(
                Arguments.of(route.method(), path, IN_NO_PATH.contains(id) ? "path" : name));
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("badIds")
  void namesTheIdInThePathThatIsWrong(String method, String path, String told) {
    Response response = Api.json("{}").urlEncodingEnabled(false).request(method, path);

    Api.problem(response, 400, "bad_request").body("detail", startsWith(told + ": "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "-", "A.b_c:d-9", "-0", "007", "%41", "9999999999999999999999"})
  void takesAnyIdInThePath(String id) {
    Api.service()
        .urlEncodingEnabled(false)
        .get("/api/tickets/" + id + "/participants")
        .then()
        .statusCode(200);
  }
}
