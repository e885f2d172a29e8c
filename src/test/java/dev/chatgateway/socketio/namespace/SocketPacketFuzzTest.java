package dev.chatgateway.socketio.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.socketio.engine.MalformedPacketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a client sends is a packet or malformed, and what is encoded reads the same. */
class SocketPacketFuzzTest {
  private static final int MAX_ATTACHMENTS = 10;

  @Property(tries = 10_000)
  void anyTextIsAPacketOrMalformed(@ForAll("nearlyPackets") String text) {
    try {
      SocketPacket packet = SocketPacketCodec.decode(text, MAX_ATTACHMENTS);
      assertThat(packet.attachments()).isBetween(0, MAX_ATTACHMENTS);
      assertThat(packet.id()).isBetween(SocketPacket.NO_ID, SocketPacketCodec.MAX_ID);
      SocketPacketCodec.encode(packet);
    } catch (MalformedPacketException expected) {
      assertThat(expected).hasNoCause();
    }
  }

  @Property(tries = 3_000)
  void anyMessagesArePacketsOrMalformed(@ForAll("messages") List<Object> messages) {
    SocketDecoder decoder = new SocketDecoder(MAX_ATTACHMENTS, 100);
    try {
      for (Object message : messages) {
        SocketPacket packet =
            message instanceof String text ? decoder.text(text) : decoder.binary((byte[]) message);
        assertThat(packet == null || packet.attachments() == 0).isTrue();
      }
    } catch (MalformedPacketException expected) {
      assertThat(expected).hasNoCause();
    }
  }

  @Property(tries = 2_000)
  void packetsReadAsTheyWereWritten(@ForAll("packets") SocketPacket packet)
      throws MalformedPacketException {
    assertThat(SocketPacketCodec.decode(SocketPacketCodec.encode(packet), MAX_ATTACHMENTS))
        .isEqualTo(packet);
  }

  @Property(tries = 1_000)
  void binaryValuesComeBackWhereTheyWere(@ForAll("arguments") ArrayNode arguments)
      throws MalformedPacketException {
    List<byte[]> attachments = new ArrayList<>();
    JsonNode taken = Attachments.takeOut(arguments, attachments);

    assertThat(Attachments.areIn(taken)).isFalse();
    assertThat(Attachments.putIn(taken, attachments)).isEqualTo(arguments);
  }

  @Provide
  Arbitrary<String> nearlyPackets() {
    Arbitrary<String> pieces = Arbitraries.of(
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "52-",
        "50-",
        "511-",
        "-",
        "/",
        "/a",
        "/a?b=c,",
        ",",
        "12",
        "9007199254740992",
        "[",
        "]",
        "[\"a\"]",
        "[\"a\",",
        "{",
        "}",
        "{}",
        "\"a\"",
        ":",
        "null",
        "1e999999999999",
        "[\"connect\"]",
        "{\"_placeholder\":true,\"num\":0}",
        "\\ud800",
        "\ud800",
        "\u0000",
        " ");
    return Arbitraries.oneOf(
        pieces.list().ofMaxSize(10).map(list -> String.join("", list)),
        Arbitraries.strings().ofMaxLength(100),
        Combinators.combine(
                Arbitraries.of("2", "3", "52-", "0"), Arbitraries.integers().between(0, 200))
            .as((head, depth) -> head + "[".repeat(depth) + "]".repeat(depth)));
  }

  @Provide
  Arbitrary<List<Object>> messages() {
    Arbitrary<Object> text = Arbitraries.of(
        "2[\"a\"]",
        "51-[\"a\",{\"_placeholder\":true,\"num\":0}]",
        "51-[\"a\",{\"_placeholder\":true,\"num\":1}]",
        "52-[\"a\",[{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]]",
        "50-[\"a\"]",
        "61-7[{\"_placeholder\":true,\"num\":0.5}]",
        "61-7[{\"_placeholder\":true,\"num\":0}]");
    Arbitrary<Object> binary =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(60).map(b -> b);
    return Arbitraries.oneOf(text, binary).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<SocketPacket> packets() {
    Arbitrary<Long> ids = Arbitraries.oneOf(
        Arbitraries.just(SocketPacket.NO_ID),
        Arbitraries.longs().between(0, SocketPacketCodec.MAX_ID));
    Arbitrary<String> namespaces = Arbitraries.of("/", "/a", "/a-b/c", "/a?token=1", "/\u00e9");
    Arbitrary<ArrayNode> data = json(2)
        .list()
        .ofMaxSize(3)
        .map(list -> Json.NODES.arrayNode().add("event").addAll(list));
    return Combinators.combine(
            Arbitraries.of(PacketKind.EVENT, PacketKind.ACK), namespaces, ids, data)
        .as((kind, namespace, id, array) ->
            SocketPacket.of(kind, namespace, kind.isAck() ? Math.max(0, id) : id, array));
  }

  @Provide
  Arbitrary<ArrayNode> arguments() {
    Arbitrary<JsonNode> binary =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(9).map(Json.NODES::binaryNode);
    return Arbitraries.oneOf(
            json(2),
            binary,
            binary.map(b -> Json.NODES.arrayNode().add(b)),
            binary.map(b -> Json.NODES.objectNode().set("x", b)))
        .list()
        .ofMaxSize(5)
        .map(list -> Json.NODES.arrayNode().addAll(list));
  }

  private static Arbitrary<JsonNode> json(int depth) {
    Arbitrary<String> strings =
        Arbitraries.strings().alpha().numeric().withChars("\"\\\n\u00e9\u20ac").ofMaxLength(9);
    Arbitrary<JsonNode> leaf = Arbitraries.oneOf(
        strings.map(Json.NODES::textNode),
        Arbitraries.integers().map(Json.NODES::numberNode),
        Arbitraries.of(true, false).map(Json.NODES::booleanNode),
        Arbitraries.just(Json.NODES.nullNode()));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<JsonNode> array =
        json(depth - 1).list().ofMaxSize(3).map(list -> Json.NODES.arrayNode().addAll(list));
    Arbitrary<JsonNode> object = Arbitraries.maps(strings, json(depth - 1))
        .ofMaxSize(3)
        .map(map -> {
          ObjectNode node = Json.NODES.objectNode();
          for (Map.Entry<String, JsonNode> field : map.entrySet()) {
            node.set(field.getKey(), field.getValue());
          }
          return node;
        });
    return Arbitraries.oneOf(leaf, array, object);
  }
}
