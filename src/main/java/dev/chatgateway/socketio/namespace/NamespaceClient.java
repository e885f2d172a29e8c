package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.socketio.engine.EngineConnection;
import dev.chatgateway.socketio.engine.EngineListener;
import dev.chatgateway.socketio.engine.MalformedPacketException;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** One session: which namespaces it is in, and whose packet is whose. On the session's loop. */
final class NamespaceClient implements EngineListener {
  private static final Logger LOG = Logger.getLogger(NamespaceClient.class);
  private static final int NORMAL = 1000;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int POLICY = 1008;
  private static final int RESTART = 1012;

  private final EngineConnection engine;
  private final NamespaceServer server;
  private final SocketDecoder decoder;
  // A list, since there is rarely more than one.
  private final List<NamespaceSocket> sockets = new ArrayList<>(1);
  private ScheduledFuture<?> connectTimer;
  private int refusals;

  NamespaceClient(EngineConnection engine, NamespaceServer server) {
    this.engine = engine;
    this.server = server;
    this.decoder = new SocketDecoder(options().maxAttachments(), options().maxAttachmentBytes());
  }

  EngineConnection engine() {
    return engine;
  }

  NamespaceOptions options() {
    return server.options();
  }

  @Override
  public void opened() {
    awaitConnect();
  }

  @Override
  public void text(String message) {
    try {
      received(decoder.text(message), message.length());
    } catch (MalformedPacketException e) {
      engine.close(PROTOCOL_ERROR, e.getMessage());
    }
  }

  @Override
  public void binary(byte[] message) {
    try {
      received(decoder.binary(message), message.length);
    } catch (MalformedPacketException e) {
      engine.close(PROTOCOL_ERROR, e.getMessage());
    }
  }

  @Override
  public boolean isInUse() {
    return !sockets.isEmpty();
  }

  @Override
  public void goAway() {
    if (sockets.isEmpty()) {
      engine.close(RESTART, "come back");
    } else {
      List.copyOf(sockets).forEach(NamespaceSocket::goAway);
    }
  }

  @Override
  public void closed(String reason) {
    stopTimer();
    List<NamespaceSocket> all = List.copyOf(sockets);
    sockets.clear();
    all.forEach(socket -> socket.ended(reason));
  }

  /** That socket has been put out. */
  void left(NamespaceSocket socket) {
    sockets.remove(socket);
    if (sockets.isEmpty()) {
      awaitConnect();
    }
  }

  private void received(SocketPacket packet, int length) throws MalformedPacketException {
    if (packet == null) {
      return;
    }
    NamespaceSocket socket = find(packet.namespace());
    if (packet.kind() == PacketKind.CONNECT && socket == null) {
      connect(packet.namespace(), packet.data());
    } else if (packet.kind() == PacketKind.CONNECT
        || packet.kind() == PacketKind.CONNECT_ERROR
        || socket == null
        || !socket.isConnected()) {
      throw new MalformedPacketException("a " + packet.kind() + " packet out of place");
    } else if (packet.kind() == PacketKind.DISCONNECT) {
      left(socket);
      socket.ended("client namespace disconnect");
    } else {
      socket.received(packet, length);
    }
  }

  private NamespaceSocket find(String namespace) {
    for (NamespaceSocket socket : sockets) {
      if (socket.namespace().equals(namespace)) {
        return socket;
      }
    }
    return null;
  }

  // --- connecting

  private void connect(String name, JsonNode auth) {
    Namespace namespace = server.namespace(name);
    if (namespace == null) {
      refuse(name, "Invalid namespace", null);
    } else if (sockets.size() >= options().maxNamespaces()) {
      engine.close(POLICY, "too many namespaces");
    } else {
      NamespaceSocket socket = new NamespaceSocket(server.newId(), name, this);
      sockets.add(socket);
      namespace
          .connect(socket, auth == null ? Json.NODES.objectNode() : auth)
          .onComplete(outcome -> {
            if (engine.eventLoop().inEventLoop()) {
              decided(socket, outcome);
            } else {
              engine.eventLoop().execute(() -> decided(socket, outcome));
            }
          });
    }
  }

  private void decided(NamespaceSocket socket, AsyncResult<SocketHandler> outcome) {
    if (outcome.failed()) {
      if (!socket.isOut()) {
        sockets.remove(socket);
        refused(socket.namespace(), outcome.cause());
      }
    } else if (socket.isOut()) {
      socket.endedBefore(outcome.result());
    } else {
      stopTimer();
      ObjectNode sid = Json.NODES.objectNode().put("sid", socket.id());
      send(PacketKind.CONNECT, socket.namespace(), sid);
      socket.connected(outcome.result());
    }
  }

  private void refused(String namespace, Throwable cause) {
    if (cause instanceof ConnectRefusedException refused) {
      refuse(namespace, refused.getMessage(), refused.data());
    } else {
      LOG.errorf(cause, "The namespace %s failed to decide on a client", namespace);
      refuse(namespace, "Internal error", null);
    }
  }

  private void refuse(String namespace, String message, JsonNode data) {
    ObjectNode error = Json.NODES.objectNode().put("message", message);
    if (data != null) {
      error.set("data", data);
    }
    send(PacketKind.CONNECT_ERROR, namespace, error);
    if (++refusals > options().maxRefusals()) {
      engine.close(POLICY, "refused too often");
    }
  }

  private void send(PacketKind kind, String namespace, JsonNode data) {
    engine.send(
        SocketPacketCodec.encode(SocketPacket.of(kind, namespace, SocketPacket.NO_ID, data)));
  }

  // --- time

  private void awaitConnect() {
    if (engine.isOpen() && connectTimer == null) {
      connectTimer = engine
          .eventLoop()
          .schedule(this::noConnect, options().connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void noConnect() {
    connectTimer = null;
    engine.close(NORMAL, "in no namespace");
  }

  private void stopTimer() {
    if (connectTimer != null) {
      connectTimer.cancel(false);
      connectTimer = null;
    }
  }
}
