package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON frames as they are. */
final class PlainCodec implements Codec {
  @Override
  public String frame(String event, ObjectNode data, long ref) {
    ObjectNode frame = Door.JSON.createObjectNode().put("event", event);
    if (ref != 0) {
      frame.put("ref", ref);
    }
    return frame.set("data", data).toString();
  }

  @Override
  public void begin(Transport.Listener listener) {
    listener.opened();
  }

  @Override
  public String take(String text, Transport.Listener listener) throws JsonProcessingException {
    JsonNode frame = Door.JSON.readTree(text);
    if (frame.has("ok")) {
      boolean ok = frame.get("ok").asBoolean();
      listener.replied(frame.path("ref").asLong(), ok, frame.path(ok ? "data" : "error"));
    } else {
      listener.received(frame.path("event").asText(), frame.path("data"));
    }
    return null;
  }
}
