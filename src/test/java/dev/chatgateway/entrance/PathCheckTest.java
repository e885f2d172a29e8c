package dev.chatgateway.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.CapturedLog;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A path that could mean another one is refused, whatever it is for. */
@QuarkusTest
class PathCheckTest {
  @TestHTTPResource("/")
  URI gateway;

  @TestHTTPResource(value = "/", management = true)
  URI management;

  private static String service() {
    return "Authorization: Bearer " + Tokens.service().sign();
  }

  private static void refused(RawSocket.Response answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"bad_request\"", "\"status\":400");
  }

  /** Ways to a call or a page that are none; {@code ID} stands for a ticket. */
  static Stream<String> misleading() {
    return Stream.of(
        "/api;x/tickets/ID",
        "/api/tickets;x/ID",
        "/api/tickets/ID;x",
        "/api/tickets/ID;x=y",
        "/api/tickets/ID;",
        "/api;x/tickets/ID/participants/..",
        "/api/tickets/ID/participants/..",
        "/api/tickets/ID/participants/%2e%2e",
        "/api/tickets/ID/participants/%2E.",
        "/api/tickets/ID/participants/.%2e",
        "/api/tickets/ID/participants/..;x",
        "/api/tickets/ID/participants/..;/",
        "/api/tickets/ID/participants/..%3bx",
        "/api/tickets/ID/participants/..%3Bx",
        "/api/tickets/ID/participants/../",
        "/api/tickets/ID/participants/..?close=true",
        "/api/tickets/ID/participants/..#x",
        "/api/tickets/ID#x",
        "/api/tickets/ID/.",
        "/api/tickets/ID/%2e",
        "/api/./tickets/ID",
        "/api/x/../tickets/ID",
        "/api/x/%2e%2e/tickets/ID",
        "/x/../api/tickets/ID",
        "/x/%2e%2e/api/tickets/ID",
        "/../api/tickets/ID",
        "/./api/tickets/ID",
        "/api/tickets/x%2f..%2fID",
        "/api/tickets/x%2F%2e%2e%2FID",
        "/api%2ftickets/ID",
        "/api/tickets%2FID",
        "/api/tickets/x%5c..%5cID",
        "/api/tickets/ID%00",
        "/api/tickets/ID%0a",
        "/api/tickets/ID%0D%0Ax",
        "/api/tickets/ID%7f",
        "/api/tickets/ID\u00e4",
        "http://HOST/api;x/tickets/ID",
        "http://HOST/api/x/../tickets/ID",
        "http://HOST/%61pi/x/%2e%2e/tickets/ID");
  }

  @ParameterizedTest
  @MethodSource("misleading")
  void noCallIsReachedByAMisleadingPath(String path) {
    String ticket = "path-" + UUID.randomUUID();
    String json = "{\"user_id\":1,\"text\":\"hi\"}";
    assertThat(RawCall.sendBody(
                gateway,
                "POST",
                "/api/tickets/" + ticket + "/messages",
                json,
                service(),
                "Content-Type: application/json",
                "Content-Length: " + json.length())
            .status())
        .isEqualTo(201);
    String target = path.replace("ID", ticket).replace("HOST", gateway.getAuthority());

    try (CapturedLog log = CapturedLog.start()) {
      refused(RawCall.send(gateway, "DELETE", target, service()));
      assertThat(log.lines()).isEmpty();
    }

    assertThat(RawCall.send(gateway, "GET", "/api/tickets/" + ticket + "/messages", service())
            .body())
        .contains("\"text\":\"hi\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/tickets/%61/messages", "/api/tickets/a%7Cb%40c/messages"})
  void anEscapedIdIsStillAnId(String path) {
    assertThat(RawCall.send(gateway, "GET", path, service()).status()).isIn(200, 400);
    assertThat(RawCall.send(gateway, "GET", path, service()).body()).doesNotContain("path:");
  }

  static Stream<Arguments> elsewhere() {
    return Stream.of(
            "/chat;x",
            "/x/../chat",
            "/x/%2e%2e/chat",
            "/chat/.",
            "/chat%2f",
            "/socket.io/;x?EIO=4&transport=polling",
            "/socket.io;x/?EIO=4&transport=polling",
            "/socket.io/../socket.io/?EIO=4&transport=polling",
            "/socket.io/%2e%2e/socket.io/?EIO=4&transport=polling",
            "/socket.io/%2e?EIO=4&transport=polling",
            "/x/..%2fsocket.io/?EIO=4&transport=polling",
            "/q;x/openapi",
            "/q/../q/openapi",
            "/nothing;x")
        .flatMap(path ->
            Stream.of("GET", "POST", "OPTIONS", "PATCH").map(method -> Arguments.of(method, path)));
  }

  @ParameterizedTest
  @MethodSource("elsewhere")
  void norIsAnythingElse(String method, String path) {
    try (CapturedLog log = CapturedLog.start()) {
      refused(RawCall.send(gateway, method, path, "Content-Length: 0"));
      assertThat(log.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ops/pods;x",
        "/ops;x/pods",
        "/ops/x/../pods",
        "/x/%2e%2e/ops/pods",
        "/ops%2fpods",
        "/q/metrics;x",
        "/q/x/..%2fmetrics",
        "/q/%zz",
        "/%zz"
      })
  void thePortOfHealthAndMetricsIsNoneTheWiser(String path) {
    try (CapturedLog log = CapturedLog.start()) {
      refused(RawCall.send(management, "GET", path, service()));
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void ordinaryPathsAreNotConcerned() {
    for (String path : List.of(
        "/",
        "/api/tickets/a.b:c_d-e/messages",
        "/x/...",
        "/x/.y",
        "/x/y.",
        "/a@b|c+d,e~f!$&'()*=")) {
      assertThat(PathCheck.isMisleading(path)).as(path).isFalse();
    }
    assertThat(PathCheck.isMisleading("/chat?x=;/../#")).isFalse();
    assertThat(PathCheck.isMisleading("/chat?x=%zz")).isTrue();
    assertThat(RawCall.send(management, "GET", "/q/health/live").status()).isEqualTo(200);
  }
}
