package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The acknowledgement a client asked for. Only the first counts. On the session's loop. */
public interface Ack {
  /** Acknowledges with one argument of encoded JSON. */
  void send(byte[] json);

  /** Acknowledges with arguments that may hold binary nodes. */
  void send(List<JsonNode> arguments);
}
