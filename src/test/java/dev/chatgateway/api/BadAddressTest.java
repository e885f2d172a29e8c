package dev.chatgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.chatgateway.testing.Tokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
            if (id.equals("a+b") && parts[i].equals("{user_id}")) {
              continue; // is one
            }
            String[] with = parts.clone();
            with[i] = id;
            String path = String.join("/", with).replaceAll("\\{[^}]*}", "1");
            String name = parts[i].substring(1, parts[i].length() - 1);
            cases.add(Arguments.of(route.method(), path, IN_NO_PATH.contains(id) ? "path" : name));
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

  @ParameterizedTest
  @ValueSource(strings = {"auth0%7C5f7c", "ann+chat@example.com", "a%40b%2Bc", "%7c"})
  void takesAnyUsersIdInThePath(String id) {
    Api.service()
        .urlEncodingEnabled(false)
        .get("/api/users/" + id + "/presence")
        .then()
        .statusCode(200)
        .body("user_id", equalTo(URLDecoder.decode(id.replace("+", "%2B"), UTF_8)));
    Api.service()
        .urlEncodingEnabled(false)
        .delete("/api/tickets/1/participants/" + id)
        .then()
        .statusCode(200);
  }

  @Test
  void aUsersIdHasToBeEscapedInThePath() throws IOException {
    assertThat(statusOf("/api/users/auth0%7C5f7c/presence")).isEqualTo("HTTP/1.1 200 OK");
    assertThat(statusOf("/api/users/auth0|5f7c/presence")).isEqualTo("HTTP/1.1 400 Bad Request");
  }

  private static String statusOf(String path) throws IOException {
    try (Socket socket = new Socket("localhost", RestAssured.port)) {
      socket.setSoTimeout(20_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
          + Tokens.service().sign() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }
  }
}
