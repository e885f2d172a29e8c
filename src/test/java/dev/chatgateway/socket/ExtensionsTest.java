package dev.chatgateway.socket;

import static dev.chatgateway.testing.RawSocket.BINARY;
import static dev.chatgateway.testing.RawSocket.CONTINUATION;
import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static dev.chatgateway.testing.RawSocket.PONG;
import static dev.chatgateway.testing.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No door agrees to an extension, and what only an extension allows ends with 1002. */
@QuarkusTest
class ExtensionsTest {
  private static final List<String> DOORS =
      List.of("/chat", "/socket.io/?EIO=4&transport=websocket");

  private static final List<String> OFFERS = List.of(
      "permessage-deflate",
      "permessage-deflate; client_max_window_bits",
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
      "PERMESSAGE-DEFLATE",
      "deflate-frame",
      "x-webkit-deflate-frame",
      "x, deflate-frame, x-webkit-deflate-frame, permessage-deflate",
      "x\r\nSec-WebSocket-Extensions: permessage-deflate");

  @TestHTTPResource("/chat")
  URI gateway;

  static Stream<Arguments> offers() {
    return DOORS.stream().flatMap(door -> OFFERS.stream().map(offer -> Arguments.of(door, offer)));
  }

  @ParameterizedTest
  @MethodSource("offers")
  void noOfferIsTaken(String door, String offer) {
    URI address = gateway.resolve(door);
    try (RawSocket raw = RawSocket.connect(address)) {
      raw.write(RawSocket.handshake(address, "Sec-WebSocket-Extensions: " + offer));
      String head = raw.readHead();

      assertThat(head).startsWith("HTTP/1.1 101");
      assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("sec-websocket-extensions");
    }
  }

  static Stream<Arguments> reservedBits() {
    return DOORS.stream()
        .flatMap(door -> Stream.of(0x40, 0x20, 0x10, 0x70)
            .flatMap(bits -> Stream.of(
                    FINAL | TEXT,
                    TEXT,
                    FINAL | BINARY,
                    FINAL | CONTINUATION,
                    FINAL | PING,
                    FINAL | PONG,
                    FINAL | RawSocket.CLOSE)
                .map(first -> Arguments.of(door, bits | first))));
  }

  @ParameterizedTest
  @MethodSource("reservedBits")
  void aReservedBitEndsWith1002(String door, int first) {
    URI address = gateway.resolve(door);
    try (RawSocket raw = RawSocket.open(address, "Sec-WebSocket-Extensions: permessage-deflate")) {
      raw.read();
      raw.write(RawSocket.frame(first, "{}".getBytes(StandardCharsets.UTF_8)));

      assertThat(raw.readCloseCode()).isEqualTo(1002);
    }
  }

  static Stream<String> doors() {
    return DOORS.stream();
  }

  @ParameterizedTest
  @MethodSource("doors")
  void aCompressedMessageIsNeverInflated(String door) throws Exception {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(deflated, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      out.write(new byte[16_000_000]);
    }
    URI address = gateway.resolve(door);
    try (RawSocket raw = RawSocket.open(address, "Sec-WebSocket-Extensions: permessage-deflate")) {
      raw.read();
      raw.write(RawSocket.frame(0x40 | FINAL | TEXT, deflated.toByteArray()));

      assertThat(raw.readCloseCode()).isEqualTo(1002);
    }
  }

  static Stream<Arguments> violations() {
    byte[] small = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] notUtf8 = {(byte) 0xC3, 0x28};
    return Stream.of(
        Arguments.of("/chat", RawSocket.frame(0x40 | FINAL | TEXT, small)),
        Arguments.of("/chat", RawSocket.unmasked(FINAL | TEXT, small)),
        Arguments.of("/chat", RawSocket.frame(FINAL | BINARY, small)),
        Arguments.of("/chat", RawSocket.frame(FINAL | TEXT, notUtf8)),
        Arguments.of(DOORS.get(1), RawSocket.frame(0x40 | FINAL | TEXT, small)),
        Arguments.of(DOORS.get(1), RawSocket.unmasked(FINAL | TEXT, small)),
        Arguments.of(DOORS.get(1), RawSocket.frame(FINAL | TEXT, notUtf8)));
  }

  /** Whoever goes on sending is held up by its own full buffers, and then cut off. */
  @ParameterizedTest
  @MethodSource("violations")
  void nothingIsReadAfterAViolation(String door, byte[] violation) {
    URI address = gateway.resolve(door);
    try (RawSocket raw = RawSocket.open(address)) {
      raw.read();
      raw.write(violation, RawSocket.frame(FINAL | PING, new byte[] {1}));
      assertThat(raw.read().opcode()).isEqualTo(RawSocket.CLOSE);
      assertThat(raw.acceptsWithoutReading(256 << 20)).isLessThan(64 << 20);
      assertThat(raw.read()).isNull();
    }
  }
}
