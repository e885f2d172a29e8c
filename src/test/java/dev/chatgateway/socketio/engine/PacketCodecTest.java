package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketCodecTest {
  @Test
  void readsPayloadsOfTextAndBinary() throws MalformedPacketException {
    assertThat(PacketCodec.decodePayload("4hello\u001ebAQIDBA==\u001e2probe\u001e3"))
        .containsExactly(
            Packet.text(PacketType.MESSAGE, "hello"),
            Packet.binary(new byte[] {1, 2, 3, 4}),
            Packet.text(PacketType.PING, "probe"),
            Packet.text(PacketType.PONG, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "abc",
        " 4a",
        "-1",
        "\u001e",
        "4a\u001e",
        "\u001e4a",
        "4a\u001e\u001e4b",
        "b*",
        "bA",
        "bAQ=A",
        "4a\u001ebx",
        "\u0664"
      })
  void malformedPayloadsAreRefused(String payload) {
    assertThatThrownBy(() -> PacketCodec.decodePayload(payload))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void base64IsOfPayloadsOnly() {
    assertThatThrownBy(() -> PacketCodec.decode("bAQID"))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void packetsInAPayloadAreBounded() throws MalformedPacketException {
    String most = String.join("\u001e", Collections.nCopies(PacketCodec.MAX_PACKETS, "4"));
    assertThat(PacketCodec.decodePayload(most)).hasSize(PacketCodec.MAX_PACKETS);
    assertThatThrownBy(() -> PacketCodec.decodePayload(most + "\u001e4"))
        .isInstanceOf(MalformedPacketException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 124, 125, 126, 65_534, 65_535, 65_536, 100_000})
  void framesOfAnyLengthAreAppendedToPolls(int length) {
    String text = "\u00e9".repeat(length / 2) + "x".repeat(length % 2);
    ByteBuf frame = Frames.text(PacketType.MESSAGE, text);
    ByteBuf payload = Unpooled.buffer();
    Frames.appendPayload(frame, payload);

    assertThat(payload.toString(StandardCharsets.UTF_8)).isEqualTo("4" + text);
    frame.release();
  }

  @Test
  void binaryFramesAreAppendedAsBase64() {
    byte[] bytes = new byte[300];
    ByteBuf frame = Frames.binary(Unpooled.wrappedBuffer(bytes));
    ByteBuf payload = Unpooled.buffer();
    Frames.appendPayload(frame, payload);

    assertThat(payload.toString(StandardCharsets.UTF_8))
        .isEqualTo("b" + Base64.getEncoder().encodeToString(bytes));
    frame.release();
  }
}
