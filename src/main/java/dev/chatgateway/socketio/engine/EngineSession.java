package dev.chatgateway.socketio.engine;

import dev.chatgateway.websocket.Standing;
import dev.chatgateway.websocket.Trust;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One session: opened once, alive while its client answers, closed once, by either side. What
 * carries it is its {@link Transport}; while that is polling, its {@link PollingRequests} bring what
 * the client sends. On its loop only, but for what says otherwise.
 */
final class EngineSession implements EngineConnection {
  private enum State {
    OPEN,
    /** Closed here; the client has yet to take what was sent before, and the close. */
    CLOSING,
    /** Closed by the client; a poll it sent just before may come just after. */
    LEFT,
    ENDED
  }

  private static final Duration CROSSING = Duration.ofSeconds(1);
  private static final Duration CLIENT_CLOSES = Duration.ofSeconds(2);

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
  private final Standing standing = new Standing();
  private EngineListener listener;
  private State state = State.OPEN;
  private Future<?> cut;

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
        + options.pingTimeout().toMillis() + ",\"maxPayload\":"
        + options.sizes().payload() + "}";
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
  public Standing standing() {
    return standing;
  }

  /** Returns whether a client that is not trusted may not send so long a packet. */
  boolean isTooLong(Packet packet) {
    return standing.trust() == Trust.NONE && packet.isLongerThan(options.sizes().firstPayload());
  }

  @Override
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Returns whether the session was closed here and the client has not been told yet. */
  boolean isClosing() {
    return state == State.CLOSING;
  }

  @Override
  public void send(String text) {
    if (isOpen()) {
      sendFrame(Frames.text(PacketType.MESSAGE, text));
    }
  }

  @Override
  public void send(ByteBuf binary) {
    sendFrame(Frames.binary(binary));
  }

  @Override
  public void sendFrame(ByteBuf frame) {
    if (!isOpen()) {
      frame.release();
      return;
    }
    // One packet alone may be larger: it is bounded by whoever made it.
    long pending = transport.pendingBytes();
    if (pending > 0 && pending + frame.readableBytes() > options.maxPending()) {
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
    if (!isOpen()) {
      return;
    }
    if (transport.isWebSocket()) {
      fail(wsCloseCode, reason);
    } else {
      closePolling(reason, () -> fail(wsCloseCode, reason));
    }
  }

  @Override
  public void closeAfterClient(int wsCloseCode, String reason) {
    if (!isOpen()) {
      return;
    }
    if (transport.isWebSocket()) {
      heartbeat.stop();
      cutSoon(wsCloseCode, reason);
      leave(State.CLOSING, reason);
    } else {
      closePolling(reason, () -> {
        if (transport.isWebSocket()) {
          cutSoon(wsCloseCode, reason);
        } else {
          end(reason);
        }
      });
    }
  }

  private void closePolling(String reason, Runnable onceTaken) {
    heartbeat.stop();
    transport.expireAfter(options.closeTimeout(), () -> end(reason));
    transport.closeOnceTaken(onceTaken);
    leave(State.CLOSING, reason);
  }

  private void cutSoon(int wsCloseCode, String reason) {
    cut = loop.schedule(
        () -> fail(wsCloseCode, reason), CLIENT_CLOSES.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Closes where the layer above has no use for it. */
  void closeUnused(int wsCloseCode, String reason) {
    if (isOpen() && !listener.isInUse()) {
      close(wsCloseCode, reason);
    }
  }

  /** The way by which polls, or the WebSocket, come here is about to close. */
  void wayCloses(boolean ofWebSocket) {
    if (!ofWebSocket) {
      transport.answerPoll();
    } else if (transport.isWebSocket() && isOpen()) {
      guarded(listener::goAway);
    }
  }

  /** Returns whether the client closed the session and a poll may still come. */
  boolean isLeft() {
    return state == State.LEFT;
  }

  /** Whether a poll waits for something to say. */
  boolean isPollWaiting() {
    return !transport.isWebSocket() && transport.isPollWaiting();
  }

  // --- heartbeat

  /** Whether it has ended, or has to since the client has missed its deadline. */
  boolean isOver() {
    return state == State.ENDED || (isOpen() && heartbeat.expired());
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
    if (!isOpen() || !transport.startUpgrade(gate)) {
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

  /** A packet has come; one that comes after the close is dropped. */
  void received(Packet packet) {
    if (!isOpen()) {
      if (isClosing() && packet.type() == PacketType.CLOSE) {
        fail(NORMAL, "transport close"); // the client knows
      }
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
          left("transport close");
        }
      }
      case PING -> protocolError("a client sends no pings");
      default -> {} // of no meaning from a client at this point; the reference ignores it, too
    }
  }

  /** The client has closed the session; the poll that waits, or crosses this, is answered. */
  private void left(String reason) {
    if (transport.answerLast(Frames.NOOP)) {
      end(reason);
    } else {
      heartbeat.stop();
      transport.abandonUpgrade("session closed");
      transport.expireAfter(CROSSING, () -> end(reason));
      leave(State.LEFT, reason);
    }
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      Defects.log(e, "The layer above failed; session %s is closed", sid);
      fail(INTERNAL, "internal error");
    }
  }

  // --- end

  /** Closes: what came from the client is against the rules, or can't be read. */
  void protocolError(String reason) {
    if (!isClosing()) { // else the client may still take what was sent before
      fail(PROTOCOL_ERROR, reason);
    }
  }

  /** Closes without waiting for another poll. */
  private void fail(int wsCloseCode, String reason) {
    if (state == State.ENDED) {
      return;
    }
    transport.close(wsCloseCode, reason);
    end(reason);
  }

  /** Is over, with nothing more to tell the client; once. */
  void end(String reason) {
    if (state == State.ENDED) {
      return;
    }
    boolean wasOpen = isOpen();
    state = State.ENDED;
    registry.remove(this);
    heartbeat.stop();
    if (cut != null) {
      cut.cancel(false);
    }
    transport.end();
    if (wasOpen) {
      tellClosed(reason);
    }
  }

  /** Leaves the open state for that one, unless the session has left it already. */
  private void leave(State next, String reason) {
    if (isOpen()) {
      state = next;
      tellClosed(reason);
    }
  }

  private void tellClosed(String reason) {
    if (listener != null) {
      guarded(() -> listener.closed(reason));
    }
  }
}
