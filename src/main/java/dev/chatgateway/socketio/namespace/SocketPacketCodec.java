package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.socketio.engine.MalformedPacketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Packets as text: {@code kind [attachments -] [namespace ,] [id] [json]}. */
final class SocketPacketCodec {
  static final String ROOT = "/";

  /** Longest name of a namespace, in characters. */
  static final int MAX_NAMESPACE = 256;

  /** Greatest id: what JavaScript counts to without a gap. */
  static final long MAX_ID = (1L << 53) - 1;

  private static final int MAX_ID_DIGITS = 16;
  private static final int MAX_ATTACHMENT_DIGITS = 4;

  private static final Set<String> RESERVED_EVENTS = Set.of(
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

  private final String text;
  private int at;

  private SocketPacketCodec(String text) {
    this.text = text;
  }

  static String encode(SocketPacket packet) {
    String json =
        packet.data() == null ? "" : new String(Json.bytes(packet.data()), StandardCharsets.UTF_8);
    return head(packet.kind(), packet.attachments(), packet.namespace(), packet.id()) + json;
  }

  /** What stands before the JSON. */
  static String head(PacketKind kind, int attachments, String namespace, long id) {
    StringBuilder head = new StringBuilder(24).append(kind.ordinal());
    if (kind.isBinary()) {
      head.append(attachments).append('-');
    }
    if (!namespace.equals(ROOT)) {
      head.append(namespace).append(',');
    }
    if (id != SocketPacket.NO_ID) {
      head.append(id);
    }
    return head.toString();
  }

  /** Whether that can be an event's name. */
  static boolean isEventName(String name) {
    return !RESERVED_EVENTS.contains(name);
  }

  static SocketPacket decode(String text, int maxAttachments) throws MalformedPacketException {
    return new SocketPacketCodec(text).read(maxAttachments);
  }

  private SocketPacket read(int maxAttachments) throws MalformedPacketException {
    PacketKind kind = text.isEmpty() ? null : PacketKind.of(text.charAt(at++));
    if (kind == null) {
      throw new MalformedPacketException("unknown Socket.IO packet type");
    }
    int attachments = kind.isBinary() ? attachments(maxAttachments) : 0;
    String namespace = namespace();
    long id = digits(MAX_ID_DIGITS);
    if (id > MAX_ID) {
      throw new MalformedPacketException("an id out of range");
    }
    JsonNode data = at == text.length() ? null : Json.read(text.substring(at));
    check(kind, id, data);
    return new SocketPacket(kind, attachments, namespace, id, data);
  }

  private int attachments(int max) throws MalformedPacketException {
    long count = digits(MAX_ATTACHMENT_DIGITS);
    if (count < 0 || at == text.length() || text.charAt(at++) != '-') {
      throw new MalformedPacketException("no number of attachments");
    }
    if (count > max) {
      throw new MalformedPacketException("more than " + max + " attachments");
    }
    return (int) count;
  }

  private String namespace() throws MalformedPacketException {
    if (at == text.length() || text.charAt(at) != '/') {
      return ROOT;
    }
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    if (end - at > MAX_NAMESPACE) {
      throw new MalformedPacketException("an overlong namespace");
    }
    String namespace = text.substring(at, end);
    at = comma < 0 ? end : end + 1;
    return namespace;
  }

  /** The number that stands here, or -1 where none does. */
  private long digits(int max) throws MalformedPacketException {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at - start > max) {
      throw new MalformedPacketException("an overlong number");
    }
    return at == start ? -1 : Long.parseLong(text, start, at, 10);
  }

  private static void check(PacketKind kind, long id, JsonNode data)
      throws MalformedPacketException {
    boolean valid = switch (kind) {
      case CONNECT -> id == SocketPacket.NO_ID && (data == null || data.isObject());
      case DISCONNECT -> id == SocketPacket.NO_ID && data == null;
      case CONNECT_ERROR ->
        id == SocketPacket.NO_ID && data != null && (data.isObject() || data.isTextual());
      case EVENT, BINARY_EVENT -> data != null && data.isArray() && isEvent(data.get(0));
      case ACK, BINARY_ACK -> id != SocketPacket.NO_ID && data != null && data.isArray();
    };
    if (!valid) {
      throw new MalformedPacketException("a " + kind + " packet with wrong content");
    }
  }

  private static boolean isEvent(JsonNode name) {
    return name != null && (name.isNumber() || (name.isTextual() && isEventName(name.textValue())));
  }
}
