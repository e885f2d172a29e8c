package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of every call, each in all the ways it can be wrong. */
@QuarkusTest
class BadInputTest {
  private static final String MESSAGES = "/api/tickets/1/messages";
  private static final String STATUS = "/api/tickets/1/messages/1/status";
  private static final String TICKET = "/api/tickets/1";
  private static final String TICKET_EVENTS = "/api/tickets/1/events";
  private static final String USER_EVENTS = "/api/users/1/events";
  private static final String ADMIN_EVENTS = "/api/admins/events";

  private static final String HALF = "\"a\\ud800b\"";
  private static final List<String> NO_IDS = List.of(
      "\"\"",
      "\" \"",
      "\"a b\"",
      "\"a/b\"",
      "\"a{b}\"",
      "\"a\\nb\"",
      "\"a\\u0000b\"",
      "\"\\u00e9\"",
      HALF,
      "\"" + "a".repeat(65) + "\"",
      "1.5",
      "1e3",
      "true",
      "[]",
      "[1]",
      "{}",
      "1".repeat(65));
  private static final List<String> NO_STRINGS = List.of("1", "true", "[]", "{}", "[\"a\"]");
  private static final List<String> NO_BOOLEANS = List.of("1", "0", "\"true\"", "[]", "{}");

  private static Response send(String method, String path, String body) {
    return Api.json(body).request(method, path);
  }

  // --- bodies, field by field

  static Stream<Arguments> badFields() {
    List<Arguments> cases = new ArrayList<>();
    String user = "\"user_id\":1,";
    String text = "\"text\":\"hi\"";

    bad(cases, "POST", MESSAGES, "user_id", "{" + text + "}", "{\"user_id\":null," + text + "}");
    NO_IDS.forEach(
        id -> bad(cases, "POST", MESSAGES, "user_id", "{\"user_id\":" + id + "," + text + "}"));
    NO_IDS.forEach(
        id -> bad(cases, "POST", MESSAGES, "id", "{" + user + "\"id\":" + id + "," + text + "}"));
    NO_STRINGS.forEach(no -> bad(
        cases,
        "POST",
        MESSAGES,
        "user_name",
        "{" + user + "\"user_name\":" + no + "," + text + "}"));
    bad(
        cases,
        "POST",
        MESSAGES,
        "user_name",
        "{" + user + "\"user_name\":" + HALF + "," + text + "}");
    NO_BOOLEANS.forEach(no -> bad(
        cases, "POST", MESSAGES, "is_admin", "{" + user + "\"is_admin\":" + no + "," + text + "}"));
    NO_STRINGS.forEach(
        no -> bad(cases, "POST", MESSAGES, "text", "{" + user + "\"text\":" + no + "}"));
    bad(
        cases,
        "POST",
        MESSAGES,
        "text",
        "{\"user_id\":1}",
        "{" + user + "\"text\":null}",
        "{" + user + "\"text\":\"\"}",
        "{" + user + "\"text\":\"\",\"data\":null}",
        "{" + user + "\"text\":" + HALF + "}");
    bad(cases, "POST", MESSAGES, "data", "{" + user + "\"data\":{\"a\":" + HALF + "}}");
    for (String unknown :
        List.of("ticket_id", "client_id", "seq", "status", "__proto__", "TEXT", "")) {
      bad(
          cases,
          "POST",
          MESSAGES,
          unknown + ": unknown field",
          "{" + user + text + ",\"" + unknown + "\":1}");
    }
    bad(
        cases,
        "POST",
        MESSAGES,
        "x".repeat(40) + "…: unknown field",
        "{" + user + text + ",\"" + "x".repeat(5000) + "\":1}");

    bad(
        cases,
        "PUT",
        STATUS,
        "status",
        "{}",
        "{\"status\":null}",
        "{\"status\":\"\"}",
        "{\"status\":\"READ\"}",
        "{\"status\":\"read \"}",
        "{\"status\":\"deleted\"}");
    NO_STRINGS.forEach(no -> bad(cases, "PUT", STATUS, "status", "{\"status\":" + no + "}"));
    NO_IDS.forEach(
        id -> bad(cases, "PUT", STATUS, "user_id", "{\"status\":\"read\",\"user_id\":" + id + "}"));
    bad(cases, "PUT", STATUS, "changed: unknown field", "{\"status\":\"read\",\"changed\":true}");

    bad(cases, "PUT", TICKET, "closed", "{}", "{\"closed\":null}");
    NO_BOOLEANS.forEach(no -> bad(cases, "PUT", TICKET, "closed", "{\"closed\":" + no + "}"));
    bad(cases, "PUT", TICKET, "ticket_id: unknown field", "{\"closed\":true,\"ticket_id\":1}");

    bad(
        cases,
        "POST",
        TICKET_EVENTS,
        "$",
        "{\"a\":" + HALF + "}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":[1,{\"b\":\"\\ud83d\"}]}",
        "{\"a\":{\"\\ud83d\":1}}");

    for (String path : List.of(USER_EVENTS, ADMIN_EVENTS)) {
      bad(cases, "POST", path, "event", "{}", "{\"event\":null}", "{\"data\":{}}");
      NO_STRINGS.forEach(no -> bad(cases, "POST", path, "event", "{\"event\":" + no + "}"));
      for (String name : List.of(
          "",
          " ",
          "A",
          "aB",
          "1a",
          "_a",
          "a b",
          "a-b",
          "a.b",
          "a\\nb",
          "a\\u0000",
          "\\u00e9",
          "a\\n")) {
        bad(cases, "POST", path, "event", "{\"event\":\"" + name + "\"}");
      }
      for (String no : List.of("1", "true", "\"a\"", "[]", "[{}]")) {
        bad(cases, "POST", path, "data", "{\"event\":\"e\",\"data\":" + no + "}");
      }
      bad(cases, "POST", path, "data", "{\"event\":\"e\",\"data\":{\"a\":" + HALF + "}}");
      bad(cases, "POST", path, "user_id: unknown field", "{\"event\":\"e\",\"user_id\":1}");
    }
    return cases.stream();
  }

  private static void bad(
      List<Arguments> cases, String method, String path, String told, String... bodies) {
    for (String body : bodies) {
      cases.add(Arguments.of(method, path, told, body));
    }
  }

  @ParameterizedTest
  @MethodSource("badFields")
  void namesTheFieldThatIsWrong(String method, String path, String told, String body) {
    Api.problem(send(method, path, body), 400, "bad_request").body("detail", startsWith(told));
  }

  static Stream<Arguments> longFields() {
    return Stream.of(
        Arguments.of(
            "POST", MESSAGES, "text", "{\"user_id\":1,\"text\":\"" + "a".repeat(8001) + "\"}"),
        Arguments.of(
            "POST",
            MESSAGES,
            "user_name",
            "{\"user_id\":1,\"text\":\"hi\",\"user_name\":\"" + "a".repeat(129) + "\"}"),
        Arguments.of("PUT", STATUS, "status", "{\"status\":\"" + "a".repeat(17) + "\"}"),
        Arguments.of("POST", USER_EVENTS, "event", "{\"event\":\"" + "a".repeat(65) + "\"}"),
        Arguments.of("POST", ADMIN_EVENTS, "event", "{\"event\":\"" + "a".repeat(65) + "\"}"));
  }

  @ParameterizedTest
  @MethodSource("longFields")
  void namesTheFieldThatIsTooLong(String method, String path, String told, String body) {
    Api.problem(send(method, path, body), 413, "too_large").body("detail", startsWith(told));
  }

  // --- names of events

  static Stream<Arguments> takenNames() {
    return Stream.of(
            "chat_connected",
            "chat_authenticated",
            "joined_ticket_chat",
            "left_ticket_chat",
            "message_accepted",
            "messages_marked",
            "message_status",
            "typing_users",
            "participants",
            "messages",
            "new_message",
            "message_status_update",
            "user_typing",
            "user_joined",
            "user_left",
            "ticket_message_notification",
            "ticket_update",
            "ticket_update_notification",
            "token_expiring",
            "reconnect",
            "degraded",
            "restored",
            "error",
            "connect",
            "connect_error",
            "disconnect",
            "disconnecting")
        .flatMap(
            name -> Stream.of(Arguments.of(USER_EVENTS, name), Arguments.of(ADMIN_EVENTS, name)));
  }

  @ParameterizedTest
  @MethodSource("takenNames")
  void letsNobodyForgeAnEventOfTheGateway(String path, String name) {
    Api.problem(send("POST", path, "{\"event\":\"" + name + "\"}"), 400, "bad_request")
        .body("detail", startsWith("event"));
  }

  @Test
  void takesTheLongestNameOfAnEvent() {
    send("POST", ADMIN_EVENTS, "{\"event\":\"" + "a".repeat(64) + "\"}").then().statusCode(202);
  }

  // --- bodies as a whole

  static Stream<Arguments> badBodies() {
    return Api.routes().stream()
        .filter(Api.Route::hasBody)
        .flatMap(route -> Stream.of(
                "",
                " ",
                "null",
                "1",
                "\"a\"",
                "[]",
                "[{}]",
                "{",
                "{\"a\":1",
                "{}{}",
                "{} x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":1,}",
                "{\"a\":1}//",
                "{\"a\":\"\u0001\"}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":" + "9".repeat(101) + "}",
                "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}")
            .map(body -> Arguments.of(route.method(), route.example(), body)));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void refusesWhatIsNotOneJsonObject(String method, String path, String body) {
    Response response = send(method, path, body);

    Api.problem(response, 400, "bad_request").body("detail", startsWith("$: "));
    assertThat(response.asString())
        .doesNotContainIgnoringCase("jackson")
        .doesNotContainIgnoringCase("exception")
        .hasSizeLessThan(300);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] body = "{\"user_id\":1,\"text\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

    Response response = Api.service().contentType(ContentType.JSON).body(body).post(MESSAGES);

    Api.problem(response, 400, "bad_request").body("detail", startsWith("$: "));
  }

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
              "a;b",
              "a+b",
              "*",
              "%2A",
              "a".repeat(65))) {
            String[] with = parts.clone();
            with[i] = id;
            String path = String.join("/", with).replaceAll("\\{[^}]*}", "1");
            cases.add(
                Arguments.of(route.method(), path, parts[i].substring(1, parts[i].length() - 1)));
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
