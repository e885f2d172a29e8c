package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a client sends is a packet or malformed, and what is encoded reads the same. */
class PacketCodecFuzzTest {
  @Property(tries = 5_000)
  void anyTextIsPacketsOrMalformed(@ForAll("nearlyPayloads") String text) {
    try {
      List<Packet> packets = PacketCodec.decodePayload(text);
      assertThat(packets).isNotEmpty();
    } catch (MalformedPacketException expected) {
      assertThat(expected).hasNoCause();
    }
  }

  @Property(tries = 2_000)
  void payloadsReadAsTheyWereWritten(@ForAll("packets") List<Packet> packets)
      throws MalformedPacketException {
    assertThat(PacketCodec.decodePayload(PacketCodec.encodePayload(packets))).isEqualTo(packets);
  }

  @Provide
  Arbitrary<String> nearlyPayloads() {
    Arbitrary<String> pieces = Arbitraries.of(
        "0",
        "1",
        "2",
        "2probe",
        "3",
        "4",
        "4text",
        "5",
        "6",
        "7",
        "b",
        "bAQID",
        "bAQ==",
        "bA",
        "b=",
        "b\u00e9",
        "\u001e",
        "\u001e\u001e",
        "",
        " ",
        "-",
        "\ud800",
        "\ud83d\ude00");
    return Arbitraries.oneOf(
        pieces.list().ofMaxSize(12).map(list -> String.join("", list)),
        Arbitraries.strings().ofMaxLength(200));
  }

  @Provide
  Arbitrary<List<Packet>> packets() {
    Arbitrary<Packet> text = Combinators.combine(
            Arbitraries.of(PacketType.class),
            Arbitraries.strings().excludeChars(PacketCodec.SEPARATOR).ofMaxLength(50))
        .as(Packet::text);
    Arbitrary<Packet> binary =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(50).map(Packet::binary);
    return Arbitraries.oneOf(text, binary).list().ofMinSize(1).ofMaxSize(20);
  }
}
