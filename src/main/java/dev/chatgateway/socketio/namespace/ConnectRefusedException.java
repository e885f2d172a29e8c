package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;

/** A namespace doesn't let a client in. */
public final class ConnectRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient JsonNode data;

  /**
   * @param message for the client: its error's {@code message}
   * @param data for the client: its error's {@code data}; null for none
   */
  public ConnectRefusedException(String message, JsonNode data) {
    super(message, null, false, false);
    this.data = data;
  }

  public JsonNode data() {
    return data;
  }
}
