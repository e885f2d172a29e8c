package dev.chatgateway.socketio.engine;

/** What a client sent is not of the protocol. The message never quotes it. */
public final class MalformedPacketException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedPacketException(String message) {
    super(message, null, false, false);
  }
}
