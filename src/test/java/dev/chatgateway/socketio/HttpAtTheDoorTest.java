package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers and HTTP clients ask of the polling door beyond the protocol. */
@QuarkusTest
class HttpAtTheDoorTest {
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

  @TestHTTPResource("/")
  URI gateway;

  private String session() {
    String opened = RawCall.send(gateway, "GET", POLLING).body();
    int at = opened.indexOf("\"sid\":\"") + 7;
    return POLLING + "&sid=" + opened.substring(at, opened.indexOf('"', at));
  }

  private RawSocket.Response preflight(String origin, String asked) {
    return RawCall.send(
        gateway,
        "OPTIONS",
        POLLING,
        "Origin: " + origin,
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: " + asked);
  }

  @Test
  void preflightAllowsTheHeadersAskedFor() {
    RawSocket.Response answer =
        preflight("http://" + gateway.getAuthority(), "sentry-trace,traceparent,chat-forwarded-by");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.head().toLowerCase(Locale.ROOT))
        .contains("access-control-allow-headers: "
            + "authorization, content-type, sentry-trace, traceparent\r\n")
        .contains("vary: access-control-request-headers\r\n")
        .doesNotContain("chat-forwarded-by");
  }

  @Test
  void preflightOfAForeignPageAllowsNothing() {
    RawSocket.Response answer = preflight("https://evil.example", "sentry-trace");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.head().toLowerCase(Locale.ROOT)).doesNotContain("access-control-allow");
  }

  @Test
  void aBodyThatIsHeldBackIsAskedFor() {
    try (RawSocket raw = RawSocket.connect(gateway)) {
      raw.write(
          RawCall.head(gateway, "POST", session(), "Content-Length: 2", "Expect: 100-continue"));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 100 ");

      raw.write("40".getBytes(StandardCharsets.US_ASCII));
      RawSocket.Response answer = raw.readResponse();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 99999999", "Content-Length: 9999999999999999"})
  void aBodyThatIsTooLargeIsRefusedRatherThanAskedFor(String length) {
    RawSocket.Response answer =
        RawCall.send(gateway, "POST", session(), length, "Expect: 100-continue");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"too_large\"", "\"retry\":false");
  }

  @Test
  void aBodyForNobodyIsNotAskedFor() {
    assertThat(RawCall.send(
                gateway,
                "POST",
                POLLING + "&sid=unknown",
                "Content-Length: 2",
                "Expect: 100-continue")
            .status())
        .isEqualTo(400);
  }

  /** Of a session here, of none, and of one that would be at another pod. */
  @Test
  void otherMethodsAreAnsweredAlikeWhereverTheSessionIs() {
    String elsewhere = POLLING + "&sid=otherpod.AAAAAAAAAAAAAAAAAAAAAA";
    for (String method : new String[] {"HEAD", "PUT", "PATCH"}) {
      for (String target : new String[] {session(), elsewhere, POLLING + "&sid=x", POLLING}) {
        assertThat(RawCall.send(gateway, method, target, "Content-Length: 0").status())
            .as(method + " " + target)
            .isEqualTo(400);
      }
    }
  }
}
