package dev.chatgateway.socket;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.Outbound;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;

/**
 * Writes to one plain WebSocket. Frames are encoded here, header and all, and enter the pipeline
 * behind the WebSocket encoder, so that a broadcast's bytes are shared by all its connections.
 */
final class SocketOutbound implements Outbound {
  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_PING = 0x89;
  private static final ByteBuf PING = Unpooled.unreleasableBuffer(
      Unpooled.directBuffer(2).writeByte(FINAL_PING).writeByte(0).asReadOnly());

  private final FrameGate gate;
  private final ChannelHandlerContext encoder;
  private boolean unflushed;

  SocketOutbound(FrameGate gate, ChannelHandlerContext encoder) {
    this.gate = gate;
    this.encoder = encoder;
  }

  @Override
  public Broadcast.Door door() {
    return Broadcast.Door.WEBSOCKET;
  }

  @Override
  public void send(ServerEvent event) {
    writeFrame(frame(event));
  }

  @Override
  public void send(Broadcast broadcast) {
    writeFrame(
        broadcast.encoded(Broadcast.Door.WEBSOCKET, SocketOutbound::frame).retainedDuplicate());
  }

  /** Sends encoded JSON. */
  void write(byte[] json) {
    writeFrame(frame(json));
  }

  @Override
  public void ping() {
    writeFrame(PING.duplicate());
  }

  @Override
  public void close(CloseCode code, String reason) {
    gate.close(code, reason);
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer queue = encoder.channel().unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  @Override
  public void whenSent(Runnable action) {
    ChannelPromise left = encoder.newPromise();
    left.addListener(done -> action.run());
    encoder.write(Unpooled.EMPTY_BUFFER, left);
    flushSoon();
  }

  private void writeFrame(ByteBuf frame) {
    encoder.write(frame, encoder.voidPromise());
    flushSoon();
  }

  private void flushSoon() {
    if (!unflushed) {
      unflushed = true;
      Flusher.soon(encoder.channel().eventLoop(), this);
    }
  }

  /** Hands what was written to the socket; Vert.x doesn't know of these writes. */
  void flush() {
    unflushed = false;
    encoder.flush();
  }

  private static ByteBuf frame(ServerEvent event) {
    byte[] json = new JsonWriter(event.data().length + event.name().length() + 24)
        .beginObject()
        .field("event", event.name())
        .name("data")
        .raw(event.data())
        .endObject()
        .toBytes();
    return frame(json);
  }

  /** A whole unmasked text frame (RFC 6455, 5.2). */
  private static ByteBuf frame(byte[] payload) {
    ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(payload.length + 10);
    frame.writeByte(FINAL_TEXT);
    if (payload.length < 126) {
      frame.writeByte(payload.length);
    } else if (payload.length < 65_536) {
      frame.writeByte(126).writeShort(payload.length);
    } else {
      frame.writeByte(127).writeLong(payload.length);
    }
    return frame.writeBytes(payload);
  }
}
