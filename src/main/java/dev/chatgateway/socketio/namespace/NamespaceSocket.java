package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.chatgateway.socketio.engine.EngineConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One client in one namespace. On its session's loop. What is sent to one that is out is dropped.
 */
public final class NamespaceSocket {
  private final String id;
  private final String namespace;
  private final NamespaceClient client;
  private SocketHandler handler;
  private boolean out;
  private int length;
  private PendingAcks pending;

  NamespaceSocket(String id, String namespace, NamespaceClient client) {
    this.id = id;
    this.namespace = namespace;
    this.client = client;
  }

  /** The id the client knows this socket by; not that of the session. */
  public String id() {
    return id;
  }

  public String namespace() {
    return namespace;
  }

  /** Characters of the message that the event being handled came in. */
  public int length() {
    return length;
  }

  /** The session below. */
  public EngineConnection engine() {
    return client.engine();
  }

  /** Whether the client is in the namespace. */
  public boolean isConnected() {
    return handler != null && !out;
  }

  // --- out

  /** Sends an event with arguments of encoded JSON. */
  public void emit(String name, byte[]... jsonArguments) {
    if (isConnected()) {
      engine().sendFrame(SocketFrames.event(namespace, SocketPacket.NO_ID, name, jsonArguments));
    }
  }

  /** Sends an event with arguments that may hold binary nodes. */
  public void emit(String name, List<JsonNode> arguments) {
    if (isConnected()) {
      event(SocketPacket.NO_ID, name, arguments);
    }
  }

  /** Sends a frame of {@link SocketFrames#event}; the caller keeps its reference. */
  public void emitShared(ByteBuf frame) {
    if (isConnected()) {
      engine().sendShared(frame);
    }
  }

  /**
   * Sends an event and asks for an acknowledgement.
   *
   * @return its arguments; or a failure where it doesn't come in time, the client leaves, or too
   *     many are awaited already
   */
  public Future<List<JsonNode>> emitWithAck(
      String name, List<JsonNode> arguments, Duration timeout) {
    if (!isConnected()) {
      return Future.failedFuture("not connected");
    }
    if (pending == null) {
      pending = new PendingAcks(engine().eventLoop(), client.options().maxUnacknowledged());
    }
    return pending.await(timeout, ack -> event(ack, name, arguments));
  }

  /** Puts the client out of the namespace; its session stays. */
  public void disconnect() {
    if (isConnected()) {
      send(SocketPacket.of(PacketKind.DISCONNECT, namespace, SocketPacket.NO_ID, null));
      client.left(this);
      ended("server namespace disconnect");
    }
  }

  private void event(long ack, String name, List<JsonNode> arguments) {
    if (!SocketPacketCodec.isEventName(name)) {
      throw new IllegalArgumentException(name + " is reserved");
    }
    ArrayNode data = Json.NODES.arrayNode(arguments.size() + 1).add(name).addAll(arguments);
    send(SocketPacket.of(PacketKind.EVENT, namespace, ack, data));
  }

  private void acknowledge(long ack, List<JsonNode> arguments) {
    ArrayNode data = Json.NODES.arrayNode(arguments.size()).addAll(arguments);
    send(SocketPacket.of(PacketKind.ACK, namespace, ack, data));
  }

  private void send(SocketPacket packet) {
    if (packet.data() == null || !Attachments.areIn(packet.data())) {
      engine().send(SocketPacketCodec.encode(packet));
      return;
    }
    List<byte[]> attachments = new ArrayList<>();
    JsonNode data = Attachments.takeOut(packet.data(), attachments);
    PacketKind kind = packet.kind().isAck() ? PacketKind.BINARY_ACK : PacketKind.BINARY_EVENT;
    engine()
        .send(SocketPacketCodec.encode(
            new SocketPacket(kind, attachments.size(), namespace, packet.id(), data)));
    attachments.forEach(bytes -> engine().send(Unpooled.wrappedBuffer(bytes)));
  }

  // --- in

  /** The client is in. */
  void connected(SocketHandler accepted) {
    handler = accepted;
    handler.connected();
  }

  void received(SocketPacket packet, int messageLength) {
    length = messageLength;
    if (packet.kind().isEvent()) {
      List<JsonNode> arguments = new ArrayList<>(packet.data().size() - 1);
      for (int i = 1; i < packet.data().size(); i++) {
        arguments.add(packet.data().get(i));
      }
      Ack ack = packet.id() == SocketPacket.NO_ID ? null : new Once(packet.id());
      handler.event(packet.data().get(0).asText(), arguments, ack);
    } else if (pending != null) {
      List<JsonNode> arguments = new ArrayList<>(packet.data().size());
      packet.data().forEach(arguments::add);
      pending.acknowledged(packet.id(), arguments);
    }
  }

  /** The client is to open another session. */
  void goAway() {
    if (isConnected()) {
      handler.goAway();
    }
  }

  /** The client is out. */
  void ended(String reason) {
    if (out) {
      return;
    }
    out = true;
    if (pending != null) {
      pending.fail(reason);
    }
    if (handler != null) {
      handler.disconnected(reason);
    }
  }

  /** The client was out before the namespace had let it in. */
  void endedBefore(SocketHandler accepted) {
    accepted.disconnected("transport close");
  }

  boolean isOut() {
    return out;
  }

  private final class Once implements Ack {
    private final long ack;
    private boolean sent;

    private Once(long ack) {
      this.ack = ack;
    }

    @Override
    public void send(byte[] json) {
      if (first()) {
        engine().sendFrame(SocketFrames.ack(namespace, ack, json));
      }
    }

    @Override
    public void send(List<JsonNode> arguments) {
      if (first()) {
        acknowledge(ack, arguments);
      }
    }

    private boolean first() {
      boolean first = !sent && isConnected();
      sent = true;
      return first;
    }
  }
}
