package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The packets of Socket.IO in those of Engine.IO. */
final class PacketCodec implements Codec {
  @Override
  public String frame(String event, ObjectNode data, long ref) {
    String id = ref == 0 ? "" : Long.toString(ref);
    return "42" + id + Door.JSON.createArrayNode().add(event).add(data);
  }

  @Override
  public void begin(Transport.Listener listener) {} // the server speaks first

  @Override
  public String take(String text, Transport.Listener listener) throws JsonProcessingException {
    return switch (text.charAt(0)) {
      case '0' -> "40";
      case '2' -> "3";
      case '4' -> {
        packet(text, listener);
        yield null;
      }
      default -> null;
    };
  }

  private static void packet(String text, Transport.Listener listener)
      throws JsonProcessingException {
    switch (text.charAt(1)) {
      case '0' -> listener.opened();
      case '2' -> {
        JsonNode event = Door.JSON.readTree(text.substring(2));
        listener.received(event.get(0).asText(), event.path(1));
      }
      case '3' -> {
        int end = text.indexOf('[');
        JsonNode reply = Door.JSON.readTree(text.substring(end)).get(0);
        boolean ok = reply.get("ok").asBoolean();
        listener.replied(
            Long.parseLong(text.substring(2, end)), ok, reply.path(ok ? "data" : "error"));
      }
      default -> {} // the end of the transport follows
    }
  }
}
