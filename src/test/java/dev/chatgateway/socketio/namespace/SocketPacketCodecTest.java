package dev.chatgateway.socketio.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.socketio.engine.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketPacketCodecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\'',
      value = {
        "0 CONNECT / -1 0",
        "0{} CONNECT / -1 0",
        "0/admin, CONNECT /admin -1 0",
        "0/admin CONNECT /admin -1 0",
        "0/admin?token=1,{\"a\":1} CONNECT /admin?token=1 -1 0",
        "1 DISCONNECT / -1 0",
        "1/admin, DISCONNECT /admin -1 0",
        "2[\"a\"] EVENT / -1 0",
        "2[7] EVENT / -1 0",
        "20[\"a\"] EVENT / 0 0",
        "29007199254740991[\"a\"] EVENT / 9007199254740991 0",
        "2/admin,12[\"a\",1] EVENT /admin 12 0",
        "312[] ACK / 12 0",
        "4{\"message\":\"no\"} CONNECT_ERROR / -1 0",
        "4\"no\" CONNECT_ERROR / -1 0",
        "50-[\"a\"] BINARY_EVENT / -1 0",
        "510-/admin,3[\"a\"] BINARY_EVENT /admin 3 10",
        "61-3[1] BINARY_ACK / 3 1",
      })
  void readsPackets(String text, PacketKind kind, String namespace, long id, int attachments)
      throws MalformedPacketException {
    SocketPacket packet = SocketPacketCodec.decode(text, 10);

    assertThat(packet.kind()).isEqualTo(kind);
    assertThat(packet.namespace()).isEqualTo(namespace);
    assertThat(packet.id()).isEqualTo(id);
    assertThat(packet.attachments()).isEqualTo(attachments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no type
        "7", // none of the types
        "a",
        "-1",
        " 2[\"a\"]",
        "0[]", // CONNECT with something else than an object
        "0null",
        "0\"a\"",
        "01", // CONNECT with an id
        "0{}{}",
        "1{}", // DISCONNECT with data
        "11",
        "2", // EVENT without data
        "2{}",
        "2[]",
        "2\"a\"",
        "2null",
        "2[null]", // an event's name is a string or a number
        "2[true]",
        "2[{}]",
        "2[\"connect\"]",
        "2[\"connect_error\"]",
        "2[\"disconnect\"]",
        "2[\"disconnecting\"]",
        "2[\"newListener\"]",
        "2[\"removeListener\"]",
        "2[\"a\"",
        "2[\"a\"]x",
        "2[\"a\",NaN]",
        "2abc[\"a\"]", // an id that is no number
        "2-1[\"a\"]",
        "21.5[\"a\"]",
        "29007199254740992[\"a\"]", // an id that JavaScript can't hold
        "211111111111111111[\"a\"]",
        "2/admin[\"a\"]", // no comma: all of it is the namespace
        "3[]", // ACK without an id
        "31{}",
        "31",
        "4", // CONNECT_ERROR without data
        "4[]",
        "5[\"a\"]", // binary without the number of attachments
        "5-[\"a\"]",
        "51[\"a\"]",
        "5-1-[\"a\"]",
        "5x-[\"a\"]",
        "51.5-[\"a\"]",
        "511-[\"a\"]", // more attachments than allowed
        "599999-[\"a\"]",
        "51-{}",
        "61-[]", // BINARY_ACK without an id
      })
  void malformedPacketsAreRefused(String text) {
    assertThatThrownBy(() -> SocketPacketCodec.decode(text, 10))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void nestingAndNamesOfNamespacesAreBounded() throws MalformedPacketException {
    assertThat(SocketPacketCodec.decode("2[\"a\"," + "[".repeat(31) + "]".repeat(31) + "]", 0))
        .isNotNull();
    assertThatThrownBy(
            () -> SocketPacketCodec.decode("2[\"a\"," + "[".repeat(32) + "]".repeat(32) + "]", 0))
        .isInstanceOf(MalformedPacketException.class);
    assertThatThrownBy(() -> SocketPacketCodec.decode("0/" + "a".repeat(256) + ",", 0))
        .isInstanceOf(MalformedPacketException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"_placeholder\":true}",
        "{\"_placeholder\":true,\"num\":1}",
        "{\"_placeholder\":true,\"num\":-1}",
        "{\"_placeholder\":true,\"num\":\"0\"}",
        "{\"_placeholder\":true,\"num\":0.0}",
        "{\"_placeholder\":true,\"num\":99999999999}",
        "[{\"x\":{\"_placeholder\":true,\"num\":7}}]",
      })
  void aPlaceholderWithoutItsAttachmentIsMalformed(String placeholder) {
    SocketDecoder decoder = new SocketDecoder(10, 100);
    assertThatThrownBy(() -> decoder.text("51-[\"a\"," + placeholder + "]"))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void attachmentsComeRightAfterTheirPacket() throws MalformedPacketException {
    assertThatThrownBy(() -> new SocketDecoder(10, 100).binary(new byte[1]))
        .isInstanceOf(MalformedPacketException.class);

    SocketDecoder decoder = new SocketDecoder(10, 100);
    decoder.text("51-[\"a\"]");
    assertThatThrownBy(() -> decoder.text("2[\"a\"]")).isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void attachmentsAreBoundedTogether() throws MalformedPacketException {
    SocketDecoder decoder = new SocketDecoder(10, 100);
    decoder.text("52-[\"a\"]");
    assertThat(decoder.binary(new byte[60])).isNull();
    assertThatThrownBy(() -> decoder.binary(new byte[41]))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void aSharedEventIsAWholeFrame() {
    ByteBuf frame = SocketFrames.event("say \"hi\"", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));

    assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
    assertThat(frame.readUnsignedByte()).isEqualTo((short) frame.readableBytes());
    assertThat(frame.toString(StandardCharsets.UTF_8))
        .isEqualTo("42[\"say \\\"hi\\\"\",{\"a\":1}]");
    frame.release();
  }

  @Test
  void reservedNamesAreNotSent() {
    assertThatThrownBy(() -> SocketFrames.event("disconnect", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
