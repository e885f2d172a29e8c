package dev.chatgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.CapturedLog;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is no opening handshake of RFC 6455 is refused at once, with a problem. */
@QuarkusTest
class ChatHandshakeTest {
  private static final List<String> GOOD = List.of(
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

  @TestHTTPResource("/chat")
  URI gateway;

  static Stream<Arguments> handshakes() {
    return Stream.of(
        Arguments.of(426, without("Upgrade")),
        Arguments.of(426, without("Connection")),
        Arguments.of(426, with("Upgrade: h2c")),
        Arguments.of(426, with("Connection: keep-alive")),
        Arguments.of(426, with("Connection: xupgrade")),
        Arguments.of(426, without("Sec-WebSocket-Version")),
        Arguments.of(426, with("Sec-WebSocket-Version: 0")),
        Arguments.of(426, with("Sec-WebSocket-Version: 7")),
        Arguments.of(426, with("Sec-WebSocket-Version: 8")),
        Arguments.of(426, with("Sec-WebSocket-Version: 14")),
        Arguments.of(426, with("Sec-WebSocket-Version: 13, 8")),
        Arguments.of(400, without("Sec-WebSocket-Key")),
        Arguments.of(400, with("Sec-WebSocket-Key: x")),
        Arguments.of(400, with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=")),
        Arguments.of(400, with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXh4")),
        Arguments.of(400, with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==")));
  }

  private static List<String> without(String name) {
    return GOOD.stream().filter(line -> !line.startsWith(name + ":")).toList();
  }

  private static List<String> with(String header) {
    List<String> headers = new ArrayList<>(without(header.substring(0, header.indexOf(':'))));
    headers.add(header);
    return headers;
  }

  @ParameterizedTest
  @MethodSource("handshakes")
  void malformedOnesAreRefused(int status, List<String> headers) {
    try (CapturedLog log = CapturedLog.start()) {
      RawSocket.Response answer =
          RawCall.send(gateway, "GET", "/chat", headers.toArray(String[]::new));

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.head()).contains("application/problem+json");
      assertThat(answer.body()).contains("\"code\":\"bad_request\"");
      if (status == 426 && headers.containsAll(GOOD.subList(0, 2))) {
        assertThat(answer.head()).containsIgnoringCase("sec-websocket-version: 13");
      } else if (status == 426) {
        assertThat(answer.head()).containsIgnoringCase("upgrade: websocket");
      }
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void goodOnesAreNot() {
    for (String connection : List.of("keep-alive, Upgrade", "UPGRADE", "x,upgrade ,y")) {
      List<String> headers = with("Connection: " + connection);
      try (RawSocket raw = RawSocket.connect(gateway)) {
        raw.write(RawCall.head(gateway, "GET", "/chat", headers.toArray(String[]::new)));
        assertThat(raw.readStatus()).isEqualTo(101);
      }
    }
  }

  @Test
  void foreignPageIsToldWhy() {
    List<String> headers = new ArrayList<>(GOOD);
    headers.add("Origin: https://evil.example");

    RawSocket.Response answer =
        RawCall.send(gateway, "GET", "/chat", headers.toArray(String[]::new));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"forbidden\"");
  }
}
