package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;

/** What clients connect to by name. Called on the loop of the client's session. */
@FunctionalInterface
public interface Namespace {
  /**
   * Decides on a client, now or later. Nothing may be sent to it before {@link
   * SocketHandler#connected}.
   *
   * @param auth an object, empty where the client sent none
   * @return what handles the client's events; or a failure with {@link ConnectRefusedException} for
   *     the client to see. Any other failure it gets as {@code Internal error}
   */
  Future<SocketHandler> connect(NamespaceSocket socket, JsonNode auth);
}
