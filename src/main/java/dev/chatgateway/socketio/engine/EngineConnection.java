package dev.chatgateway.socketio.engine;

import dev.chatgateway.websocket.Standing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * A session as the layer above has it, whichever transport it is on. Called on its loop only, but
 * for {@link #sid} and {@link #eventLoop}. What is sent to a closed one is dropped.
 */
public interface EngineConnection {
  /** The id that the session's requests carry. */
  String sid();

  /** The loop all of the session happens on; that of the connection of the handshake, for good. */
  EventLoop eventLoop();

  /** What is kept of the handshake; nothing once it has been let go of. */
  HandshakeHeaders handshakeHeaders();

  /** Lets go of the handshake's headers, once they have been looked at. */
  void forgetHandshakeHeaders();

  /** Sends a text message. */
  void send(String text);

  /** Sends a binary message; the buffer's reference passes to the session. */
  void send(ByteBuf binary);

  /**
   * Sends a text message that {@link Frames} encoded; the frame's reference passes to the session.
   */
  void sendFrame(ByteBuf frame);

  /** Sends a text message from bytes shared by many sessions; the caller keeps its reference. */
  default void sendShared(ByteBuf frame) {
    sendFrame(frame.retainedDuplicate());
  }

  /** Bytes that wait for the client to take them. */
  long pendingBytes();

  /**
   * Runs the action when all that was sent before has been taken by the client, as far as this side
   * can tell, or the session has ended; maybe at once.
   */
  void whenSent(Runnable action);

  /** How far the layer above trusts the client; it sets that, and larger messages depend on it. */
  Standing standing();

  /** Whether the session has not been closed by either side. */
  boolean isOpen();

  /**
   * Closes the transport, after what has been sent. A WebSocket is closed with that code; the next
   * poll of a session still polling is answered with a close packet.
   *
   * @param reason for the client, at most 123 bytes of UTF-8, and for {@link EngineListener#closed}
   */
  void close(int wsCloseCode, String reason);

  /**
   * As {@link #close}, where what was sent last tells the client to close the transport itself: a
   * WebSocket stays open for a moment. A client that learns of both at a time, as python-socketio
   * does in two threads, may take the close for a lost connection and come back.
   */
  void closeAfterClient(int wsCloseCode, String reason);
}
