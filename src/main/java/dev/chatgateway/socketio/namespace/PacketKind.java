package dev.chatgateway.socketio.namespace;

/** The kinds of Socket.IO packets; each is its digit on the wire. */
enum PacketKind {
  CONNECT,
  DISCONNECT,
  EVENT,
  ACK,
  CONNECT_ERROR,
  BINARY_EVENT,
  BINARY_ACK;

  private static final PacketKind[] ALL = values();

  /** The kind with that digit, or null. */
  static PacketKind of(char digit) {
    int place = digit - '0';
    return place < 0 || place >= ALL.length ? null : ALL[place];
  }

  boolean isBinary() {
    return this == BINARY_EVENT || this == BINARY_ACK;
  }

  boolean isAck() {
    return this == ACK || this == BINARY_ACK;
  }

  boolean isEvent() {
    return this == EVENT || this == BINARY_EVENT;
  }
}
