package dev.chatgateway.socketio.engine;

import java.util.Arrays;
import java.util.Objects;

/**
 * One Engine.IO packet.
 *
 * @param text what follows the type, maybe empty; null in a binary message
 * @param binary the bytes of a binary message, else null
 */
public record Packet(PacketType type, String text, byte[] binary) {
  static Packet text(PacketType type, String text) {
    return new Packet(type, text, null);
  }

  static Packet binary(byte[] bytes) {
    return new Packet(PacketType.MESSAGE, null, bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Packet packet
        && type == packet.type
        && Objects.equals(text, packet.text)
        && Arrays.equals(binary, packet.binary);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, text, Arrays.hashCode(binary));
  }

  @Override
  public String toString() {
    return type + (text == null ? " of " + binary.length + " bytes" : " " + text);
  }
}
