package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How frames look on a WebSocket: as they are, or in the packets of Socket.IO. */
public enum Door {
  PLAIN("ws", "/chat") {
    @Override
    public String frame(String event, ObjectNode data, long ref) {
      ObjectNode frame = JSON.createObjectNode().put("event", event);
      if (ref != 0) {
        frame.put("ref", ref);
      }
      return frame.set("data", data).toString();
    }

    @Override
    public String begin(Transport.Listener listener) {
      listener.opened();
      return null;
    }

    @Override
    public String take(String text, Transport.Listener listener) throws JsonProcessingException {
      JsonNode frame = JSON.readTree(text);
      if (frame.has("ok")) {
        boolean ok = frame.get("ok").asBoolean();
        listener.replied(frame.path("ref").asLong(), ok, frame.path(ok ? "data" : "error"));
      } else {
        listener.received(frame.path("event").asText(), frame.path("data"));
      }
      return null;
    }
  },

  SOCKET_IO("sio", "/socket.io/?EIO=4&transport=websocket") {
    @Override
    public String frame(String event, ObjectNode data, long ref) {
      String id = ref == 0 ? "" : Long.toString(ref);
      return "42" + id + JSON.createArrayNode().add(event).add(data);
    }

    @Override
    public String begin(Transport.Listener listener) {
      return null; // the server speaks first
    }

    @Override
    public String take(String text, Transport.Listener listener) throws JsonProcessingException {
      switch (text.charAt(0)) {
        case '0' -> {
          return "40";
        }
        case '2' -> {
          return "3";
        }
        case '4' -> packet(text, listener);
        default -> {}
      }
      return null;
    }

    private void packet(String text, Transport.Listener listener) throws JsonProcessingException {
      switch (text.charAt(1)) {
        case '0' -> listener.opened();
        case '2' -> {
          JsonNode event = JSON.readTree(text.substring(2));
          listener.received(event.get(0).asText(), event.path(1));
        }
        case '3' -> {
          int end = text.indexOf('[');
          JsonNode reply = JSON.readTree(text.substring(end)).get(0);
          boolean ok = reply.get("ok").asBoolean();
          listener.replied(
              Long.parseLong(text.substring(2, end)), ok, reply.path(ok ? "data" : "error"));
        }
        default -> {} // the end of the transport follows
      }
    }
  };

  public static final ObjectMapper JSON = new ObjectMapper();

  /** As histories call it. */
  final String wire;

  /** Of a WebSocket. */
  public final String path;

  Door(String wire, String path) {
    this.wire = wire;
    this.path = path;
  }

  /** An event as a text message; with a {@code ref} of 0 no reply is wanted. */
  public abstract String frame(String event, ObjectNode data, long ref);

  /** Says that the WebSocket is open; returns what to send, or null. */
  public abstract String begin(Transport.Listener listener);

  /** Takes a text message apart; returns what to answer, or null. */
  public abstract String take(String text, Transport.Listener listener)
      throws JsonProcessingException;
}
