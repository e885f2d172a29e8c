package dev.chatgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.EventNames;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import java.util.Set;

/**
 * An event that the ticket system makes up.
 *
 * @param data one JSON object
 */
record CustomEvent(String name, byte[] data) {
  private static final Set<String> FIELDS = Set.of("event", "data");
  private static final int MAX_NAME_LENGTH = 64;

  /**
   * The event that a body tells of; {@code data} is {@code {}} where there is none.
   *
   * @throws ChatException {@code bad_request} or {@code too_large} where it tells of none
   */
  static CustomEvent of(byte[] body) {
    ObjectNode object = Input.object(body);
    Fields fields = Fields.of(object, "", FIELDS);
    String name =
        EventNames.requireFree(fields.string("event", MAX_NAME_LENGTH), fields.path("event"));
    JsonNode data = fields.has("data") ? object.get("data") : object.objectNode();
    if (!data.isObject()) {
      throw ChatException.badRequest(fields.path("data"), "must be an object");
    }
    return new CustomEvent(name, JsonReader.bytes(data));
  }
}
