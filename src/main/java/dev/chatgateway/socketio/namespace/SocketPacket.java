package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One Socket.IO packet, without its attachments.
 *
 * @param attachments how many binary messages follow; 0 unless the kind is a binary one
 * @param id the acknowledgement it asks for or is, or {@link #NO_ID}
 * @param data null where there is none
 */
record SocketPacket(PacketKind kind, int attachments, String namespace, long id, JsonNode data) {
  static final long NO_ID = -1;

  static SocketPacket of(PacketKind kind, String namespace, long id, JsonNode data) {
    return new SocketPacket(kind, 0, namespace, id, data);
  }
}
