package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.ObjectMapper;

/** By which way a client comes in. */
public enum Door {
  PLAIN("ws", "/chat", new PlainCodec()),
  SOCKET_IO("sio", "/socket.io/?EIO=4&transport=websocket", new PacketCodec()),
  POLLING("poll", "/socket.io/?EIO=4&transport=polling", new PacketCodec());

  public static final ObjectMapper JSON = new ObjectMapper();

  /** As histories call it. */
  final String wire;

  public final String path;
  public final Codec codec;

  Door(String wire, String path, Codec codec) {
    this.wire = wire;
    this.path = path;
    this.codec = codec;
  }
}
