package dev.chatgateway.socketio.engine;

/** The kinds of Engine.IO packets; each is its digit on the wire. */
public enum PacketType {
  OPEN,
  CLOSE,
  PING,
  PONG,
  MESSAGE,
  UPGRADE,
  NOOP;

  private static final PacketType[] ALL = values();

  char digit() {
    return (char) ('0' + ordinal());
  }

  static PacketType of(char digit) throws MalformedPacketException {
    int place = digit - '0';
    if (place < 0 || place >= ALL.length) {
      throw new MalformedPacketException("unknown Engine.IO packet type");
    }
    return ALL[place];
  }
}
