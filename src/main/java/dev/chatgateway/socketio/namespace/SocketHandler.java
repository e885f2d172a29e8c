package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One client in a namespace. Called on the loop of the client's session. */
public interface SocketHandler {
  /** The client is in, and knows it. */
  default void connected() {}

  /**
   * An event has come.
   *
   * @param arguments without the name; what was binary is a {@link
   *     com.fasterxml.jackson.databind.node.BinaryNode}, at whatever depth
   * @param ack null where the client asked for none
   */
  void event(String name, List<JsonNode> arguments, Ack ack);

  /** The client is to open another session: the way it takes to this one is about to close. */
  default void goAway() {}

  /** The client is out, of the namespace or altogether; comes once, and last. */
  void disconnected(String reason);
}
