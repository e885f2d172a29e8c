package dev.chatgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.CapturedLog;
import dev.chatgateway.testing.RawCall;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Subprotocols carry one token to {@code /chat}, and nothing else anywhere. */
@QuarkusTest
class SubprotocolTest {
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

  /** How a client may try to write a header; {@code NAME} and {@code VALUE} stand for it. */
  static final List<String> SPELLINGS = List.of(
      "x, quarkus-http-upgrade%23NAME%23VALUE",
      "quarkus-http-upgrade%23NAME%23VALUE, x",
      "quarkus-http-upgrade%23NAME%23VALUE",
      "bearer-token-carrier,quarkus-http-upgrade%23NAME%23VALUE",
      "bearer-token-carrier, quarkus-http-upgrade#NAME#VALUE",
      ",,\tquarkus-http-upgrade%23NAME%23VALUE\t,,x",
      "x, quarkus-http-upgrade%2523NAME%2523VALUE",
      "x, QUARKUS-HTTP-UPGRADE%23NAME%23VALUE",
      "x, quarkus%2Dhttp%2Dupgrade%23NAME%23VALUE",
      "x\r\nSec-WebSocket-Protocol: quarkus-http-upgrade%23NAME%23VALUE",
      "bearer-token-carrier\r\nsec-websocket-protocol: quarkus-http-upgrade#NAME#VALUE");

  @TestHTTPResource("/chat")
  URI gateway;

  private CapturedLog log;

  @BeforeEach
  void listen() {
    log = CapturedLog.start();
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  private static String protocol(String spelling, String name, String value) {
    return "Sec-WebSocket-Protocol: " + spelling.replace("NAME", name).replace("VALUE", value);
  }

  // --- anywhere but at /chat

  @ParameterizedTest
  @FieldSource("SPELLINGS")
  void noSubprotocolSaysWhoCallsTheApi(String spelling) {
    String token = Tokens.service().sign();

    RawSocket.Response answer = RawCall.send(
        gateway,
        "GET",
        "/api/users/1/presence",
        protocol(spelling, "Authorization", "Bearer%20" + token));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("SPELLINGS")
  void noSubprotocolPassesTheOriginCheckOfSocketIo(String spelling) {
    String foreign = "Origin: https://evil.example";
    for (String name : List.of("Chat-Forwarded-By", "Origin", "Host")) {
      RawSocket.Response answer =
          RawCall.send(gateway, "GET", POLLING, foreign, protocol(spelling, name, "evil.example"));

      assertThat(answer.status()).as(name).isEqualTo(403);
    }
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("SPELLINGS")
  void noSubprotocolFramesABody(String spelling) {
    for (String name : List.of("Content-Length", "content-length", "Transfer-Encoding")) {
      RawSocket.Response answer = RawCall.sendBody(
          gateway,
          "POST",
          "/api/tickets/1/messages",
          "2\r\n{}\r\n0\r\n\r\n",
          "Authorization: Bearer " + Tokens.service().sign(),
          "Content-Type: application/json",
          "Transfer-Encoding: chunked",
          protocol(spelling, name, "99999999"));

      // The body that came is what is found wanting.
      assertThat(answer.status()).as(name).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":\"bad_request\"", "user_id");
    }
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("SPELLINGS")
  void aWebSocketOfSocketIoTakesNoTokenFromASubprotocol(String spelling) {
    String token = Tokens.user("carried").tickets(1).sign();
    URI socketIo = gateway.resolve("/socket.io/?EIO=4&transport=websocket");
    try (RawSocket raw =
        RawSocket.open(socketIo, protocol(spelling, "Authorization", "Bearer%20" + token))) {
      raw.readText("pingInterval");
      raw.write(RawSocket.text("40"));
      raw.readText("40{");
      raw.write(RawSocket.text("421[\"join_ticket_chat\",{\"ticket_id\":1}]"));

      assertThat(raw.readText("431[")).contains("unauthenticated");
    }
    assertThat(log.lines()).isEmpty();
  }

  // --- at /chat

  static Stream<Arguments> headersThatMayNotBeCarried() {
    return Stream.of(
            "Content-Length",
            "Transfer-Encoding",
            "Origin",
            "Host",
            "Chat-Forwarded-By",
            "Connection",
            "Authorization ",
            "",
            "Sec-WebSocket-Extensions",
            "X-Forwarded-For")
        .flatMap(name -> SPELLINGS.stream()
            .filter(spelling -> spelling.contains("quarkus-http-upgrade#")
                || spelling.contains("quarkus-http-upgrade%23"))
            .map(spelling -> Arguments.of(name, spelling)));
  }

  @ParameterizedTest
  @MethodSource("headersThatMayNotBeCarried")
  void anyOtherHeaderIsRefused(String name, String spelling) {
    RawSocket.Response answer = upgrade(protocol(spelling, name, "permessage-deflate"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.head()).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"bad_request\"", "Sec-WebSocket-Protocol");
    assertThat(log.lines()).isEmpty();
  }

  private RawSocket.Response upgrade(String... headers) {
    try (RawSocket raw = RawSocket.connect(gateway)) {
      raw.write(RawSocket.handshake(gateway, headers));
      return raw.readResponse();
    }
  }

  static Stream<String> malformedCarriers() {
    String token = Tokens.user("secret-carrier").tickets(1).sign();
    return Stream.of(
            "quarkus-http-upgrade",
            "quarkus-http-upgrade#",
            "quarkus-http-upgrade##",
            "quarkus-http-upgrade#Authorization",
            "quarkus-http-upgrade#Authorization#",
            "quarkus-http-upgrade#Authorization#Bearer",
            "quarkus-http-upgrade#Authorization#Bearer%20",
            "quarkus-http-upgrade#Authorization#Basic%20YTpi",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%0A",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%0D%0Ax:%20y",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%00",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%C3%A4",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%23x",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%20x",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%zz",
            "quarkus-http-upgrade%23Authorization%23Bearer%20" + token + "%",
            "quarkus-http-upgrade%23Authorization%0A%23Bearer%20" + token,
            "quarkus-http-upgradeX%23Authorization%23Bearer%20" + token)
        .flatMap(carrier -> Stream.of(
            carrier,
            "bearer-token-carrier, " + carrier,
            "bearer-token-carrier\r\nSec-WebSocket-Protocol: " + carrier));
  }

  @ParameterizedTest
  @MethodSource("malformedCarriers")
  void aMalformedCarrierIsRefusedWithoutALogLine(String protocols) {
    RawSocket.Response answer = upgrade("Sec-WebSocket-Protocol: " + protocols);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"bad_request\"").doesNotContain("eyJ");
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void twoTokensAreRefused() {
    String one = "quarkus-http-upgrade%23Authorization%23Bearer%20"
        + Tokens.user("one").tickets(1).sign();

    assertThat(upgrade("Sec-WebSocket-Protocol: bearer-token-carrier, " + one + ", " + one)
            .status())
        .isEqualTo(400);
  }

  @Test
  void aTokenWithoutItsCarrierIsRefused() {
    String token = Tokens.user("alone").tickets(1).sign();
    for (String others : List.of("", "x, ", "Bearer-Token-Carrier, ")) {
      assertThat(upgrade("Sec-WebSocket-Protocol: " + others
                  + "quarkus-http-upgrade%23Authorization%23Bearer%20" + token)
              .status())
          .isEqualTo(400);
    }
  }

  static Stream<String> carriers() {
    return Stream.of(
        "bearer-token-carrier, quarkus-http-upgrade%23Authorization%23Bearer%20TOKEN",
        "bearer-token-carrier,quarkus-http-upgrade%23Authorization%23Bearer%20TOKEN",
        "quarkus-http-upgrade%23Authorization%23Bearer%20TOKEN , bearer-token-carrier",
        "x, bearer-token-carrier,quarkus-http-upgrade%23authorization%23bearer%20TOKEN, y",
        "bearer-token-carrier, quarkus-http-upgrade%23Authorization%23Bearer+TOKEN",
        "bearer-token-carrier\r\n"
            + "Sec-WebSocket-Protocol: quarkus-http-upgrade%23Authorization%23Bearer%20TOKEN",
        "quarkus-http-upgrade%23Authorization%23Bearer%20TOKEN\r\n"
            + "Sec-WebSocket-Protocol: bearer-token-carrier");
  }

  @ParameterizedTest
  @MethodSource("carriers")
  void theDocumentedTokenIsRead(String protocols) {
    String token = Tokens.user("carried").tickets(1).sign();
    try (RawSocket raw = RawSocket.connect(gateway)) {
      raw.write(RawSocket.handshake(
          gateway, "Sec-WebSocket-Protocol: " + protocols.replace("TOKEN", token)));
      String head = raw.readHead().toLowerCase(Locale.ROOT);

      assertThat(head).startsWith("http/1.1 101").contains("protocol: bearer-token-carrier\r\n");
      assertThat(head).doesNotContain("quarkus");
      assertThat(raw.readText("chat_authenticated")).contains("\"user_id\":\"carried\"");
    }
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void otherSubprotocolsHaveNoEffect() {
    try (RawSocket raw = RawSocket.connect(gateway)) {
      raw.write(RawSocket.handshake(gateway, "Sec-WebSocket-Protocol: x, chat, ,QUARKUS"));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 101").doesNotContain("rotocol: x");
      raw.readText("chat_connected");
    }
  }
}
