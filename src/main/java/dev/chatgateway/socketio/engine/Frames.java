package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Base64;

/**
 * Packets as whole WebSocket frames of a server (RFC 6455, 5.2): final, unmasked. Every packet is
 * encoded so; polling takes the payload out of it.
 */
public final class Frames {
  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_BINARY = 0x82;
  private static final int MAX_HEADER = 10;

  static final ByteBuf PING = constant(PacketType.PING);
  static final ByteBuf NOOP = constant(PacketType.NOOP);
  static final ByteBuf CLOSE = constant(PacketType.CLOSE);

  private Frames() {}

  /** A text message with that payload, in UTF-8 and without the type digit; owned by the caller. */
  public static ByteBuf message(byte[] utf8) {
    return header(FINAL_TEXT, utf8.length + 1)
        .writeByte(PacketType.MESSAGE.digit())
        .writeBytes(utf8);
  }

  static ByteBuf text(PacketType type, String text) {
    int length = ByteBufUtil.utf8Bytes(text);
    ByteBuf frame = header(FINAL_TEXT, length + 1).writeByte(type.digit());
    ByteBufUtil.reserveAndWriteUtf8(frame, text, length);
    return frame;
  }

  /** A binary message; takes the reference to the bytes. */
  static ByteBuf binary(ByteBuf bytes) {
    try {
      return header(FINAL_BINARY, bytes.readableBytes()).writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  /** Appends the packet in the frame as polling has it; leaves the frame as it was. */
  static void appendPayload(ByteBuf frame, ByteBuf payload) {
    int start = frame.readerIndex();
    int length = frame.getByte(start + 1);
    int header = length < 126 ? 2 : length == 126 ? 4 : 10;
    int size = frame.readableBytes() - header;
    if ((frame.getByte(start) & 0xFF) == FINAL_TEXT) {
      payload.writeBytes(frame, start + header, size);
    } else {
      byte[] bytes = ByteBufUtil.getBytes(frame, start + header, size);
      payload.writeByte('b').writeBytes(Base64.getEncoder().encode(bytes));
    }
  }

  private static ByteBuf header(int opcode, int length) {
    ByteBuf frame =
        PooledByteBufAllocator.DEFAULT.directBuffer(length + MAX_HEADER).writeByte(opcode);
    if (length < 126) {
      frame.writeByte(length);
    } else if (length < 65_536) {
      frame.writeByte(126).writeShort(length);
    } else {
      frame.writeByte(127).writeLong(length);
    }
    return frame;
  }

  private static ByteBuf constant(PacketType type) {
    byte[] frame = {(byte) FINAL_TEXT, 1, (byte) type.digit()};
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(frame.length).writeBytes(frame).asReadOnly());
  }
}
