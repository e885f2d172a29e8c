package dev.chatgateway.socketio.engine;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Packets as text: one in a WebSocket's text message, several separated by U+001E in the body of a
 * polling request. Binary messages are {@code b} and base64 there, and bare on a WebSocket.
 */
final class PacketCodec {
  static final char SEPARATOR = '\u001e';

  /** Most packets in the body of one request. */
  static final int MAX_PACKETS = 10_000;

  private static final char BASE64 = 'b';

  private PacketCodec() {}

  static String encode(Packet packet) {
    return packet.text() == null
        ? BASE64 + Base64.getEncoder().encodeToString(packet.binary())
        : packet.type().digit() + packet.text();
  }

  /** Reads a WebSocket's text message. */
  static Packet decode(String text) throws MalformedPacketException {
    if (text.isEmpty()) {
      throw new MalformedPacketException("an empty packet");
    }
    return Packet.text(PacketType.of(text.charAt(0)), text.substring(1));
  }

  static String encodePayload(List<Packet> packets) {
    StringBuilder payload = new StringBuilder();
    for (Packet packet : packets) {
      if (payload.length() > 0) {
        payload.append(SEPARATOR);
      }
      payload.append(encode(packet));
    }
    return payload.toString();
  }

  /** Reads the body of a polling request: at least one packet, at most {@link #MAX_PACKETS}. */
  static List<Packet> decodePayload(String payload) throws MalformedPacketException {
    List<Packet> packets = new ArrayList<>(1);
    int start = 0;
    while (true) {
      int end = payload.indexOf(SEPARATOR, start);
      String one = payload.substring(start, end < 0 ? payload.length() : end);
      packets.add(one.isEmpty() || one.charAt(0) != BASE64 ? decode(one) : decodeBase64(one));
      if (end < 0) {
        return packets;
      }
      if (packets.size() == MAX_PACKETS) {
        throw new MalformedPacketException("more than " + MAX_PACKETS + " packets at once");
      }
      start = end + 1;
    }
  }

  private static Packet decodeBase64(String packet) throws MalformedPacketException {
    try {
      return Packet.binary(Base64.getDecoder().decode(packet.substring(1)));
    } catch (IllegalArgumentException e) {
      throw new MalformedPacketException("not base64");
    }
  }
}
