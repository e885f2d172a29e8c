package dev.chatgateway.session;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.Fields;
import io.vertx.core.Future;

/** Does what one client event asks. Called on the session's loop, one event at a time. */
@FunctionalInterface
public interface EventHandler {
  /**
   * Handles the event.
   *
   * @return the data of the success, one encoded JSON object; the event does not count as done
   *     before. A failure with a {@link ChatException} is told to the client
   * @throws ChatException told to the client likewise
   */
  Future<byte[]> handle(Session session, Fields data);
}
