package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * One session: on polling at first or on a WebSocket at once, maybe upgraded. On its loop only, but
 * for what says otherwise.
 */
final class EngineSession implements EngineConnection {
  private static final Logger LOG = Logger.getLogger(EngineSession.class);
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
  private EngineListener listener;

  private Polling polling;
  private WebSocketGate webSocket;
  private Upgrade upgrade;
  private final AtomicBoolean posting = new AtomicBoolean();
  private boolean open = true;
  private boolean ended;
  private boolean unflushed;

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
    this.heartbeat = new Heartbeat(this, loop, nanos, options);
  }

  /** Opens on polling; the handshake has been answered. */
  void openPolling(EngineListener above) {
    polling = new Polling(loop);
    opened(above);
  }

  /** Opens on a WebSocket. */
  void openWebSocket(WebSocketGate gate, EngineListener above) {
    webSocket = gate;
    write(Frames.text(PacketType.OPEN, openPacket(false)));
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
    handshakeHeaders = null;
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
    write(frame);
    if (pendingBytes() > options.maxPending()) {
      overflow();
    }
  }

  @Override
  public long pendingBytes() {
    return webSocket != null ? webSocket.pendingBytes() : polling.pendingBytes();
  }

  private void write(ByteBuf frame) {
    if (webSocket != null) {
      webSocket.write(frame);
    } else {
      polling.add(frame);
    }
    if (!unflushed) {
      unflushed = true;
      Flusher.soon(loop, this);
    }
  }

  /** Hands what was written to the transport. */
  void flush() {
    unflushed = false;
    if (webSocket != null) {
      webSocket.flush();
    } else if (!ended) {
      polling.flush();
    }
  }

  private void overflow() {
    if (webSocket != null) {
      webSocket.close(POLICY, "too slow");
    }
    end("too slow");
  }

  @Override
  public void close(int wsCloseCode, String reason) {
    if (!open) {
      return;
    }
    if (webSocket != null) {
      webSocket.close(wsCloseCode, reason);
      end(reason);
      return;
    }
    endWithPoll(Frames.CLOSE, options.closeTimeout(), reason);
  }

  /** Closes where the layer above has no use for it. */
  void closeUnused(int wsCloseCode, String reason) {
    if (open && !listener.isInUse()) {
      close(wsCloseCode, reason);
    }
  }

  /** The way by which polls, or the WebSocket, come here is about to close. */
  void wayCloses(boolean ofWebSocket) {
    if (!ofWebSocket && polling != null) {
      polling.answer(Frames.NOOP);
    } else if (ofWebSocket && webSocket != null && open) {
      guarded(listener::goAway);
    }
  }

  /** Ends once a poll has been answered with that packet: the one that waits, or the next. */
  private void endWithPoll(ByteBuf constantFrame, Duration patience, String reason) {
    polling.add(constantFrame.duplicate());
    if (polling.flush()) {
      end(reason);
    } else {
      heartbeat.stop();
      abandonUpgrade("session closed");
      polling.expireAfter(patience, () -> end(reason));
      tellClosed(reason);
    }
  }

  // --- heartbeat

  void ping() {
    write(Frames.PING.duplicate());
  }

  void timedOut() {
    fail(NORMAL, "ping timeout");
  }

  // --- polling

  /** Marks that a request with data is being read; false where another one is. From anywhere. */
  boolean beginPost() {
    return posting.compareAndSet(false, true);
  }

  /** A poll has come. */
  void poll(Exchange exchange) {
    if (ended || (open && heartbeat.expired())) {
      exchange.refuse(Refusal.UNKNOWN_SID);
      if (!ended) {
        timedOut();
      }
    } else if (webSocket != null) {
      exchange.refuse(Refusal.BAD_REQUEST);
    } else if (polling.isWaiting()) {
      overlap(exchange);
    } else {
      polling.poll(exchange);
      if (polling.pendingBytes() > 0) {
        polling.flush();
      }
      if (!open) {
        end("closed");
      } else if (upgrade != null) {
        upgrade.polled();
      }
    }
  }

  /** The client went away from a poll. */
  void pollAborted(Exchange exchange) {
    if (!ended && polling != null && polling.gone(exchange)) {
      end("transport error");
    }
  }

  /** A second poll, or a second request with data, came before the first was answered. */
  void overlap(Exchange exchange) {
    exchange.status(Refusal.BAD_REQUEST.status());
    fail(PROTOCOL_ERROR, "overlapping requests");
  }

  /** Takes the packets of a request with data, which is answered then. */
  void posted(List<Packet> packets, Exchange exchange) {
    posting.set(false);
    if (!open) {
      exchange.refuse(Refusal.UNKNOWN_SID);
    } else if (webSocket != null) {
      exchange.refuse(Refusal.BAD_REQUEST);
    } else {
      for (Packet packet : packets) {
        received(packet);
      }
      exchange.posted();
    }
  }

  /** A request with data could not be read; the session can't go on without what was in it. */
  void badPost(String reason) {
    posting.set(false);
    fail(PROTOCOL_ERROR, reason);
  }

  /** A request with data was refused, and may be sent again in parts. */
  void refusedPost() {
    posting.set(false);
  }

  // --- WebSocket

  /** A WebSocket wants to be upgraded to. */
  void attach(WebSocketGate gate) {
    if (!open || webSocket != null || upgrade != null) {
      gate.close(POLICY, "no upgrade is possible");
    } else {
      upgrade = new Upgrade(this, gate, polling, options);
    }
  }

  /** A packet came through that WebSocket. */
  void received(WebSocketGate gate, Packet packet) {
    if (gate == webSocket) {
      received(packet);
    } else if (upgrade != null && upgrade.isBy(gate)) {
      upgrade.received(packet);
    }
  }

  /** What came through that WebSocket was against the rules; it is closing. */
  void violated(WebSocketGate gate, String reason) {
    if (gate == webSocket) {
      end(reason);
    } else if (upgrade != null && upgrade.isBy(gate)) {
      abandonUpgrade(reason);
    }
  }

  /** That WebSocket is gone. */
  void disconnected(WebSocketGate gate) {
    violated(gate, "transport close");
  }

  /** The probed WebSocket takes over. */
  void upgraded(WebSocketGate gate) {
    upgrade = null;
    webSocket = gate;
    polling.moveTo(gate);
    polling = null;
  }

  void abandonUpgrade(String reason) {
    if (upgrade != null) {
      Upgrade abandoned = upgrade;
      upgrade = null;
      abandoned.abandon(reason);
    }
  }

  // --- in

  private void received(Packet packet) {
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
        if (webSocket != null) {
          webSocket.close(NORMAL, "");
          end("transport close");
        } else {
          endWithPoll(Frames.NOOP, CROSSING, "transport close");
        }
      }
      case PING -> fail(PROTOCOL_ERROR, "a client sends no pings");
      default -> {
        // Of no meaning from a client at this point, and ignored by the reference too.
      }
    }
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.errorf(e, "The layer above failed; session %s is closed", sid);
      fail(INTERNAL, "internal error");
    }
  }

  // --- end

  /** Closes without waiting for another poll. */
  private void fail(int wsCloseCode, String reason) {
    if (ended) {
      return;
    }
    if (webSocket != null) {
      webSocket.close(wsCloseCode, reason);
    } else {
      polling.answer(Frames.CLOSE);
    }
    end(reason);
  }

  private void end(String reason) {
    if (ended) {
      return;
    }
    ended = true;
    registry.remove(this);
    heartbeat.stop();
    abandonUpgrade("session closed");
    if (polling != null) {
      polling.end();
    }
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
