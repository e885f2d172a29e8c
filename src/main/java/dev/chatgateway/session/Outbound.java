package dev.chatgateway.session;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;

/** The way out to one client, in the encoding of its front door. Called on its loop only. */
public interface Outbound {
  /** The front door it belongs to. May be called from anywhere. */
  Broadcast.Door door();

  /** Sends an event to this client alone. */
  void send(ServerEvent event);

  /** Sends an event that many clients get, from the bytes they share. */
  void send(Broadcast broadcast);

  /** Asks the client for a sign of life. */
  void ping();

  /** Ends the connection. What is still queued goes out first, if the client takes it soon. */
  void close(CloseCode code, String reason);

  /** Bytes that wait for the client to read. */
  long pendingBytes();

  /**
   * Runs the action on the loop when all that was sent before has left this queue, or the connection
   * has ended; maybe at once.
   */
  void whenSent(Runnable action);
}
