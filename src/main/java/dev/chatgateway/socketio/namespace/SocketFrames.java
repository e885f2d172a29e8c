package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.chatgateway.socketio.engine.Frames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Packets from JSON that is encoded already. */
public final class SocketFrames {
  private static final byte[][] NO_ARGUMENTS = {};

  private SocketFrames() {}

  /**
   * An event of the namespace {@code /} with one argument, for any number of connections; owned by
   * the caller.
   *
   * @throws IllegalArgumentException where the name is reserved
   */
  public static ByteBuf event(String name, byte[] json) {
    return event(SocketPacketCodec.ROOT, SocketPacket.NO_ID, name, json);
  }

  static ByteBuf event(String namespace, long id, String name, byte[]... arguments) {
    if (!SocketPacketCodec.isEventName(name)) {
      throw new IllegalArgumentException(name + " is reserved");
    }
    String head = SocketPacketCodec.head(PacketKind.EVENT, 0, namespace, id);
    String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + '"';
    return array(head, quoted.getBytes(StandardCharsets.UTF_8), arguments);
  }

  static ByteBuf ack(String namespace, long id, byte[] json) {
    return array(SocketPacketCodec.head(PacketKind.ACK, 0, namespace, id), json, NO_ARGUMENTS);
  }

  private static ByteBuf array(String head, byte[] first, byte[][] others) {
    byte[] start = head.getBytes(StandardCharsets.UTF_8);
    int length = start.length + first.length + 2;
    for (byte[] other : others) {
      length += other.length + 1;
    }
    byte[] packet = new byte[length];
    int at = put(start, packet, 0);
    packet[at++] = '[';
    at = put(first, packet, at);
    for (byte[] other : others) {
      packet[at++] = ',';
      at = put(other, packet, at);
    }
    packet[at] = ']';
    return Frames.message(packet);
  }

  private static int put(byte[] from, byte[] to, int at) {
    System.arraycopy(from, 0, to, at, from.length);
    return at + from.length;
  }
}
