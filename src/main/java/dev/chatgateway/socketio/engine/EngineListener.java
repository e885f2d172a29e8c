package dev.chatgateway.socketio.engine;

/**
 * What a session tells the layer above, on the session's loop. Whatever it throws closes the
 * session.
 */
public interface EngineListener {
  /** The session is open; comes first. */
  default void opened() {}

  /** A text message, at most {@link EngineOptions.Sizes#payload} bytes of UTF-8. */
  void text(String message);

  /** A binary message, at most {@link EngineOptions.Sizes#payload} bytes. */
  void binary(byte[] message);

  /** Whether the session is of use to the layer above; one that is not yet is closed early. */
  default boolean isInUse() {
    return true;
  }

  /** The client is to open another session: the way it takes to this one is about to close. */
  default void goAway() {}

  /** The session is over, for a reason as short as {@code ping timeout}; comes once, and last. */
  void closed(String reason);
}
