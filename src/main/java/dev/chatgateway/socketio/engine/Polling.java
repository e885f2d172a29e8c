package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The way out by polling: packets wait for a poll, or a poll for packets. On the session's loop. */
final class Polling {
  // Python's client ends the session at an answer with more.
  private static final int MAX_PACKETS = 16;

  private final EventLoop loop;
  private final ArrayDeque<ByteBuf> packets = new ArrayDeque<>(4);
  private final ArrayDeque<Marker> markers = new ArrayDeque<>(2);
  private long queuedBytes;
  private long added;
  private long left;
  private Exchange waiting;
  private ScheduledFuture<?> expiry;

  /** What is done once so many bytes have left. */
  private record Marker(long bytes, Runnable action) {}

  Polling(EventLoop loop) {
    this.loop = loop;
  }

  void add(ByteBuf frame) {
    packets.add(frame);
    queuedBytes += frame.readableBytes();
    added += frame.readableBytes();
  }

  /** Bytes that wait for a poll, or are on their way as the answer to one. */
  long pendingBytes() {
    return added - left;
  }

  /** Whether packets wait for a poll. */
  boolean isQueued() {
    return !packets.isEmpty();
  }

  /** Runs the action when all that was added before has left. */
  void whenSent(Runnable action) {
    markers.add(new Marker(added, action));
    loop.execute(this::runMarkers);
  }

  private void left(long bytes) {
    left += bytes;
    runMarkers();
  }

  private void runMarkers() {
    for (Marker first; (first = markers.peek()) != null && first.bytes <= left; ) {
      markers.poll();
      first.action.run();
    }
  }

  boolean isWaiting() {
    return waiting != null;
  }

  /** Returns whether a poll waits and there is nothing to answer it with. */
  boolean isIdle() {
    return waiting != null && packets.isEmpty();
  }

  void poll(Exchange exchange) {
    waiting = exchange;
  }

  /** The client went away; whether this was the poll that waited. */
  boolean gone(Exchange exchange) {
    if (waiting != exchange) {
      return false;
    }
    waiting = null;
    return true;
  }

  /**
   * Answers the poll that waits with the packets there are, at most {@link #MAX_PACKETS}; whether
   * there was one and something to say.
   */
  boolean flush() {
    if (waiting == null || packets.isEmpty()) {
      return false;
    }
    // Vert.x never releases the body of a response, so it must be one that needn't be.
    ByteBuf payload = Unpooled.buffer((int) Math.min(queuedBytes * 2, 1 << 20));
    long before = queuedBytes;
    int count = 0;
    for (ByteBuf frame; count < MAX_PACKETS && (frame = packets.poll()) != null; count++) {
      if (payload.isReadable()) {
        payload.writeByte(PacketCodec.SEPARATOR);
      }
      queuedBytes -= frame.readableBytes();
      Frames.appendPayload(frame, payload);
      frame.release();
    }
    long leaving = before - queuedBytes;
    Exchange answered = waiting;
    waiting = null;
    answered.payload(payload, () -> loop.execute(() -> left(leaving)));
    return true;
  }

  /** Answers the poll that waits, if one does, with that packet after all others. */
  void answer(ByteBuf constantFrame) {
    if (waiting != null) {
      add(constantFrame.duplicate());
      flush();
    }
  }

  /**
   * Has the packets sent by a WebSocket from here on.
   *
   * @return what is to be done when all of them have left
   */
  List<Runnable> moveTo(WebSocketGate gate) {
    if (waiting != null) {
      Exchange answered = waiting;
      waiting = null;
      ByteBuf payload = Unpooled.buffer(1);
      Frames.appendPayload(Frames.NOOP, payload);
      answered.payload(payload);
    }
    for (ByteBuf frame; (frame = packets.poll()) != null; ) {
      gate.write(frame);
    }
    queuedBytes = 0;
    gate.flush();
    List<Runnable> waitingFor = markers.stream().map(Marker::action).toList();
    markers.clear();
    return waitingFor;
  }

  /** Does that when no poll has come for so long. */
  void expireAfter(Duration wait, Runnable action) {
    expiry = loop.schedule(action, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  void end() {
    if (expiry != null) {
      expiry.cancel(false);
    }
    if (!flush()) { // a close in the same answer would be handled before them
      answer(Frames.CLOSE);
    }
    packets.forEach(ByteBuf::release);
    packets.clear();
    queuedBytes = 0;
    left(added - left);
  }
}
