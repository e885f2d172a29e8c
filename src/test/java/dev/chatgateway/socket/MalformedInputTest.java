package dev.chatgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is malformed is refused by name, and hurts neither its connection nor anybody else. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedInputTest {
  private static final Duration SOON = Duration.ofSeconds(3);

  @TestHTTPResource("/chat")
  URI gateway;

  private final String ticket = "bad-" + UUID.randomUUID();
  private ChatClient bystander;
  private ChatClient client;

  @BeforeEach
  void connect() {
    if (bystander == null) {
      bystander = connected("bystander");
    }
    client = connected("u-" + UUID.randomUUID());
  }

  private ChatClient connected(String user) {
    ChatClient connected =
        ChatClient.to(gateway).bearer(Tokens.user(user).tickets(ticket).sign()).connect();
    connected.awaitEvent("chat_authenticated");
    connected.join(ticket);
    return connected;
  }

  @AfterEach
  void theConnectionAndTheBystanderAreUnharmed() {
    try {
      assertThat(client
              .ok("get_participants", Map.of("ticket_id", ticket))
              .get("participants_count")
              .asInt())
          .isGreaterThanOrEqualTo(2);
      bystander.ok("get_typing_users", Map.of("ticket_id", ticket));
      assertThat(bystander.events())
          .extracting("name")
          .isSubsetOf(
              "chat_connected",
              "chat_authenticated",
              "joined_ticket_chat",
              "user_joined",
              "user_left");
    } finally {
      client.abort();
    }
  }

  @AfterAll
  void disconnect() {
    bystander.close();
  }

  static Stream<MalformedInputCases.Case> cases() {
    return MalformedInputCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void namesTheFieldThatIsWrong(MalformedInputCases.Case bad) {
    String data = bad.data().replace("TICKET", ticket);

    client.sendText("{\"event\":\"" + bad.event() + "\",\"ref\":\"r\",\"data\":" + data + "}");
    JsonNode reply = client.awaitReply("r", SOON);
    assertThat(reply.get("ok").asBoolean()).isFalse();
    assertProblem(reply.get("error"), bad.code(), bad.path());

    client.sendText("{\"event\":\"" + bad.event() + "\",\"data\":" + data + "}");
    JsonNode error = client.awaitEvent("error", any -> true, SOON);
    assertProblem(error, bad.code(), bad.path());
    assertThat(error.get("event").asText()).isEqualTo(bad.event());
  }

  static Stream<String> notFrames() {
    String nested = "[".repeat(33) + "]".repeat(33);
    return Stream.of(
        "",
        " ",
        "{",
        "}",
        "nul",
        "null",
        "1",
        "\"x\"",
        "[]",
        "[{}]",
        "NaN",
        "{'event':'e'}",
        "{event:1}",
        "{\"event\":\"e\",}",
        "{\"event\":\"e\"} x",
        "{\"event\":\"e\"}{}",
        "{\"event\":\"e\"}]",
        "{\"event\":\"e\"/* */}",
        "{\"event\":\"e\",\"event\":\"f\"}",
        "{\"event\":\"e\",\"data\":{\"a\":1,\"a\":2}}",
        "{\"event\":\"e\u0000\"}",
        "{\"event\":\"e\",\"data\":{\"a\":" + nested + "}}",
        "{\"event\":\"e\",\"data\":{\"a\":" + "9".repeat(101) + "}}",
        "{\"event\":\"e\",\"data\":{\"a\":1e99999999999}}",
        "{\"event\":\"e\",\"data\":{\"a\":01}}",
        "{\"event\":\"\\x\"}",
        "[".repeat(16_000));
  }

  @ParameterizedTest
  @MethodSource("notFrames")
  void refusesWhatIsNoJsonObject(String text) {
    client.sendText(text);

    JsonNode error = client.awaitEvent("error", any -> true, SOON);
    assertProblem(error, "bad_request", "$");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}|bad_request|event", "{'event':null}|bad_request|event",
        "{'event':1}|bad_request|event", "{'event':[]}|bad_request|event",
        "{'event':{}}|bad_request|event", "{'event':true}|bad_request|event",
        "{'event':'\\ud800'}|unknown_event|", "{'event':'LONG'}|too_large|event",
        "{'event':'e','more':1}|bad_request|more", "{'event':'e','\\ud800':1}|bad_request|",
        "{'event':'e','data':1}|bad_request|data", "{'event':'e','data':'x'}|bad_request|data",
        "{'event':'e','data':[]}|bad_request|data", "{'event':'e','data':true}|bad_request|data",
        "{'event':'e'}|unknown_event|", "{'event':''}|unknown_event|",
        "{'event':'JOIN_TICKET_CHAT'}|unknown_event|", "{'event':'new_message'}|unknown_event|",
        "{'event':'nEMOJI'}|unknown_event|"
      })
  void refusesAFrameWithWrongMembers(String template, String code, String path) {
    String text = template
        .replace('\'', '"')
        .replace("LONG", "x".repeat(65))
        .replace("EMOJI", "😀".repeat(63));
    client.sendText(text);
    assertProblem(client.awaitEvent("error", any -> true, SOON), code, path == null ? "" : path);

    client.sendText("{\"ref\":7," + text.substring(1).replaceFirst("^}", "\"data\":{}}"));
    assertProblem(client.awaitReply(7, SOON).get("error"), code, path == null ? "" : path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {"1.5", "1e2", "true", "[]", "{}", "1e400", "9223372036854775808", "\"LONG\""})
  void refusesARefThatCannotBeGivenBack(String ref) {
    client.sendText("{\"event\":\"get_participants\",\"ref\":" + ref.replace("LONG", "x".repeat(65))
        + ",\"data\":{\"ticket_id\":\"" + ticket + "\"}}");

    assertProblem(client.awaitEvent("error", any -> true, SOON), "bad_request", "ref");
  }

  private static void assertProblem(JsonNode error, String code, String path) {
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
    assertThat(error.path("retry").asBoolean()).isFalse();
    assertThat(error.path("message").asText())
        .startsWith(path)
        .hasSizeLessThan(400)
        .doesNotContain("Exception", "\tat ", "jackson", ".java");
  }
}
