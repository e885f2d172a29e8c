package dev.chatgateway.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no URI may hold is refused before the router, which only the package shows. */
class BadTargetIT {
  private static PodProcess pod;

  @BeforeAll
  static void start() {
    pod = PodProcess.start();
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static String service() {
    return "Authorization: Bearer " + Tokens.service().sign();
  }

  private static void refused(RawSocket.Response answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"bad_request\"", "\"status\":400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%zz",
        "/%",
        "/chat%zz",
        "/chat?%zz",
        "/api/tickets/1%",
        "/api/tickets/1%2",
        "/api/tickets/%zz",
        "/api/tickets/x\\..\\1",
        "/api\\tickets/1",
        "/api/tickets/1/messages?limit=%zz",
        "/api/tickets/1/messages?%zz",
        "/socket.io/?EIO=4&transport=%zz"
      })
  void targetThatIsNoUriGetsAProblemOnBothPorts(String target) {
    for (URI port : List.of(pod.http("/"), pod.management("/"))) {
      for (String method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
        refused(RawCall.send(port, method, target, service(), "Content-Length: 0"));
      }
    }
  }

  @Test
  void refusalWaitsForTheAnswersBeforeIt() {
    URI port = pod.http("/");
    for (String bad : List.of("/api/tickets/%zz", "/api/tickets/1;x")) {
      try (RawSocket raw = RawSocket.connect(port)) {
        raw.write(
            RawCall.head(port, "GET", "/api/users/first/presence", service()),
            RawCall.head(port, "GET", "/api/users/second/presence", service()),
            RawCall.head(port, "GET", bad));

        assertThat(raw.readResponse().body()).contains("\"user_id\":\"first\"");
        assertThat(raw.readResponse().body()).contains("\"user_id\":\"second\"");
        refused(raw.readResponse());
      }
    }
  }
}
