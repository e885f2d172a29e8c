package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One session: opened once, alive while its client answers, closed once, by either side. What
 * carries it is its {@link Transport}; while that is polling, its {@link PollingRequests} bring what
 * the client sends. On its loop only, but for what says otherwise.
 */
final class EngineSession implements EngineConnection {
  // A poll that the client sent just before it closed the session may come just after.
  private static final Duration CROSSING = Duration.ofSeconds(1);

  private static final int NORMAL = 1000;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int POLICY = 1008;
  private static final int INTERNAL = 1011;

  private final String sid;
  private final EventLoop loop;
  private final EngineOptions options;
  private final Registry registry;
  private final Heartbeat heartbeat;
  private HandshakeHeaders handshakeHeaders;
  private final Transport transport;
  private final PollingRequests requests;
  private EngineListener listener;
  private boolean open = true;
  private boolean ended;

  EngineSession(
      String sid,
      EventLoop loop,
      LongSupplier nanos,
      EngineOptions options,
      Registry registry,
      HandshakeHeaders handshakeHeaders) {
    this.sid = sid;
    this.loop = loop;
    this.options = options;
    this.registry = registry;
    this.handshakeHeaders = handshakeHeaders;
    this.transport = new Transport(this, options);
    this.requests = new PollingRequests(this, transport);
    this.heartbeat = new Heartbeat(this, loop, nanos, options);
  }

  /** Opens on polling; the handshake has been answered. */
  void openPolling(EngineListener above) {
    transport.openPolling();
    opened(above);
  }

  /** Opens on a WebSocket. */
  void openWebSocket(WebSocketGate gate, EngineListener above) {
    transport.openWebSocket(gate);
    transport.write(Frames.text(PacketType.OPEN, openPacket(false)));
    opened(above);
  }

  private void opened(EngineListener above) {
    listener = above;
    guarded(listener::opened);
  }

  /** What the handshake answers, without the type. May be called from anywhere. */
  String openPacket(boolean upgradable) {
    return "{\"sid\":\"" + sid + "\",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "")
        + "],\"pingInterval\":" + options.pingInterval().toMillis() + ",\"pingTimeout\":"
        + options.pingTimeout().toMillis() + ",\"maxPayload\":" + options.maxPayload() + "}";
  }

  /** Takes the requests that the session gets while it polls. May be called from anywhere. */
  PollingRequests requests() {
    return requests;
  }

  // --- out

  @Override
  public String sid() {
    return sid;
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public HandshakeHeaders handshakeHeaders() {
    return handshakeHeaders;
  }

  @Override
  public void forgetHandshakeHeaders() {
    handshakeHeaders = HandshakeHeaders.NONE;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void send(String text) {
    if (open) {
      sendFrame(Frames.text(PacketType.MESSAGE, text));
    }
  }

  @Override
  public void send(ByteBuf binary) {
    sendFrame(Frames.binary(binary));
  }

  @Override
  public void sendFrame(ByteBuf frame) {
    if (!open) {
      frame.release();
      return;
    }
    if (transport.pendingBytes() + frame.readableBytes() > options.maxPending()) {
      frame.release();
      fail(POLICY, "too slow");
      return;
    }
    transport.write(frame);
  }

  @Override
  public void whenSent(Runnable action) {
    transport.whenSent(action);
  }

  @Override
  public long pendingBytes() {
    return transport.pendingBytes();
  }

  @Override
  public void close(int wsCloseCode, String reason) {
    if (!open) {
      return;
    }
    if (transport.isWebSocket()) {
      fail(wsCloseCode, reason);
    } else {
      endWithPoll(Frames.CLOSE, options.closeTimeout(), reason);
    }
  }

  /** Closes where the layer above has no use for it. */
  void closeUnused(int wsCloseCode, String reason) {
    if (open && !listener.isInUse()) {
      close(wsCloseCode, reason);
    }
  }

  /** The way by which polls, or the WebSocket, come here is about to close. */
  void wayCloses(boolean ofWebSocket) {
    if (!ofWebSocket) {
      transport.answerPoll();
    } else if (transport.isWebSocket() && open) {
      guarded(listener::goAway);
    }
  }

  /** Ends once a poll has been answered with that packet: the one that waits, or the next. */
  private void endWithPoll(ByteBuf constantFrame, Duration patience, String reason) {
    if (transport.closeWithPoll(constantFrame)) {
      end(reason);
    } else {
      heartbeat.stop();
      transport.abandonUpgrade("session closed");
      transport.expireAfter(patience, () -> end(reason));
      tellClosed(reason);
    }
  }

  // --- heartbeat

  /** Whether it has ended, or has to since the client has missed its deadline. */
  boolean isOver() {
    return ended || (open && heartbeat.expired());
  }

  void ping() {
    transport.write(Frames.PING.duplicate());
  }

  void timedOut() {
    fail(NORMAL, "ping timeout");
  }

  // --- WebSocket

  /** A WebSocket wants to be upgraded to. */
  void attach(WebSocketGate gate) {
    if (!open || !transport.startUpgrade(gate)) {
      gate.close(POLICY, "no upgrade is possible");
    }
  }

  /** A packet came through that WebSocket. */
  void received(WebSocketGate gate, Packet packet) {
    if (transport.isBy(gate)) {
      received(packet);
    } else {
      transport.receivedAside(gate, packet);
    }
  }

  /** What came through that WebSocket was against the rules; it is closing. */
  void violated(WebSocketGate gate, String reason) {
    if (transport.isBy(gate)) {
      end(reason);
    } else {
      transport.lostAside(gate, reason);
    }
  }

  /** That WebSocket is gone. */
  void disconnected(WebSocketGate gate) {
    violated(gate, "transport close");
  }

  // --- in

  /** A packet has come; one that comes after the end is dropped. */
  void received(Packet packet) {
    if (!open) {
      return;
    }
    switch (packet.type()) {
      case MESSAGE ->
        guarded(() -> {
          if (packet.text() != null) {
            listener.text(packet.text());
          } else {
            listener.binary(packet.binary());
          }
        });
      case PONG -> heartbeat.heard();
      case CLOSE -> {
        if (transport.isWebSocket()) {
          transport.close(NORMAL, "");
          end("transport close");
        } else {
          endWithPoll(Frames.NOOP, CROSSING, "transport close");
        }
      }
      case PING -> protocolError("a client sends no pings");
      default -> {} // of no meaning from a client at this point; the reference ignores it, too
    }
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      Defects.ALL.log(e, "The layer above failed; session %s is closed", sid);
      fail(INTERNAL, "internal error");
    }
  }

  // --- end

  /** Closes: what came from the client is against the rules, or can't be read. */
  void protocolError(String reason) {
    fail(PROTOCOL_ERROR, reason);
  }

  /** Closes without waiting for another poll. */
  private void fail(int wsCloseCode, String reason) {
    if (ended) {
      return;
    }
    transport.close(wsCloseCode, reason);
    end(reason);
  }

  /** Is over, with nothing more to tell the client; once. */
  void end(String reason) {
    if (ended) {
      return;
    }
    ended = true;
    registry.remove(this);
    heartbeat.stop();
    transport.end();
    tellClosed(reason);
  }

  private void tellClosed(String reason) {
    if (open) {
      open = false;
      if (listener != null) {
        guarded(() -> listener.closed(reason));
      }
    }
  }
}
