package dev.chatgateway.api;

import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of every call, each in all the ways it can be wrong. */
@QuarkusTest
class BadFieldsTest {
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
        "{" + user + "\"text\":\"\",\"data\":null}");
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
}
