package dev.chatgateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A frame of the plain WebSocket: {@code {"event":…,"ref":…,"data":{…}}}.
 *
 * @param event the event's name as the client wrote it; null where the frame is bad
 * @param ref the JSON of the reply's {@code ref}; null where the client wants none
 * @param data the event's data, empty where the client sent none; null where the frame is bad and
 *     none could be read
 * @param problem what is wrong with the frame; null where nothing is. It stands here rather than
 *     being thrown so that a bad frame's {@code ref} can still be answered
 */
public record ClientFrame(String event, String ref, ObjectNode data, ChatException problem) {
  private static final Set<String> MEMBERS = Set.of("event", "ref", "data");
  private static final int MAX_REF_LENGTH = 64;

  /** Reads a frame; never throws. */
  public static ClientFrame parse(String text) {
    String ref = null;
    ObjectNode given = null;
    try {
      ObjectNode frame = JsonReader.object(text);
      given = frame.get("data") instanceof ObjectNode object ? object : null;
      ref = ref(frame.get("ref"));
      Fields fields = Fields.of(frame, "", MEMBERS);
      String event = fields.string("event", 64);
      return new ClientFrame(event, ref, data(frame.get("data")), null);
    } catch (ChatException problem) {
      return new ClientFrame(null, ref, given, problem);
    }
  }

  private static String ref(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.asText();
    }
    if (node.isTextual() && node.textValue().length() <= MAX_REF_LENGTH) {
      String ref = Unicode.whole(node.textValue());
      return new JsonWriter(ref.length() + 8).value(ref).toString();
    }
    throw ChatException.badRequest(
        "ref", "must be an integer or a string of at most " + MAX_REF_LENGTH + " characters");
  }

  private static ObjectNode data(JsonNode node) {
    if (node == null || node.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ChatException.badRequest("data", "must be an object");
  }
}
