package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBufUtil;
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

  /** Returns whether the message has more bytes than that, its type not counted. */
  boolean isLongerThan(int max) {
    if (text == null) {
      return binary.length > max;
    }
    int most = 3 * text.length(); // bytes of UTF-8 for a char
    return most > max && ByteBufUtil.utf8Bytes(text) > max;
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
