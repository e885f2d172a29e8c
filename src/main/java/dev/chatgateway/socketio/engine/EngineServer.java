package dev.chatgateway.socketio.engine;

import dev.chatgateway.websocket.Trust;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.context.storage.AccessMode;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Serves Engine.IO on whatever path it is given requests of: the handler of an HTTP server or of a
 * route. It reads bodies itself, and must get requests before anything else does.
 *
 * <p>One request is not the protocol's: DELETE, by which a server that passes requests on says that
 * it will not for much longer. A poll that waits is then answered, so that the next one can take
 * another way; a client on a WebSocket is asked to open another session.
 */
public final class EngineServer implements Handler<HttpServerRequest> {
  private static final String POLLING = "polling";
  private static final String WEBSOCKET = "websocket";
  private static final String VERSION = "4";
  private static final String GATE = "engine.io";
  private static final String OCTETS = "application/octet-stream";

  private final EngineOptions options;
  private final Admission admission;
  private final Supplier<String> sids;
  private final Forwarder forwarder;
  private final Function<EngineConnection, EngineListener> listeners;
  private final Registry registry = new Registry();
  private final BodyBudget bodies;

  /**
   * @param sids gives a new id for each session, which nobody can guess, of {@code [A-Za-z0-9_.~-]}
   * @param listeners is called on the session's loop, for each session that opens
   */
  public EngineServer(
      EngineOptions options,
      Admission admission,
      Supplier<String> sids,
      Forwarder forwarder,
      Function<EngineConnection, EngineListener> listeners) {
    this.options = options;
    this.bodies = new BodyBudget(options.sizes().bodies());
    this.admission = admission;
    this.sids = sids;
    this.forwarder = forwarder;
    this.listeners = listeners;
  }

  /** How many sessions there are. May be called from anywhere. */
  public int sessions() {
    return registry.size();
  }

  /** Closes the sessions that are of no use to the layer above. May be called from anywhere. */
  public void closeUnused(int wsCloseCode, String reason) {
    registry.forEach(session -> onLoop(session, () -> session.closeUnused(wsCloseCode, reason)));
  }

  @Override
  public void handle(HttpServerRequest request) {
    Exchange exchange = new Exchange(request, admission);
    String transport;
    String sid;
    try {
      transport = request.getParam("transport");
      sid = request.getParam("sid");
    } catch (IllegalArgumentException e) { // a bad escape in the query
      exchange.refuse(Refusal.BAD_REQUEST);
      return;
    }
    boolean preflight = request.method().equals(HttpMethod.OPTIONS);
    boolean handshake = !preflight && (sid == null || sid.isEmpty());
    Admission.Denial denial = admission.check(request, handshake);
    if (denial != null) {
      exchange.deny(denial);
    } else if (preflight) {
      exchange.status(204);
    } else if (!POLLING.equals(transport) && !WEBSOCKET.equals(transport)) {
      exchange.refuse(Refusal.UNKNOWN_TRANSPORT);
    } else if (handshake) {
      open(exchange, transport);
    } else {
      EngineSession session = registry.get(sid);
      boolean poll = POLLING.equals(transport) && request.method().equals(HttpMethod.GET);
      if (session != null) {
        proceed(exchange, transport, session);
      } else if (poll && forwarder.isClosing()) {
        exchange.nothingSoon();
      } else if (!forward(exchange, sid)) {
        exchange.refuse(Refusal.UNKNOWN_SID);
      }
    }
  }

  // Other methods are refused here, as they are where the session is.
  private boolean forward(Exchange exchange, String sid) {
    HttpServerRequest request = exchange.request();
    boolean post = request.method().equals(HttpMethod.POST);
    boolean taken = (post || request.method().equals(HttpMethod.GET))
        && forwarder.forward(request, sid, () -> exchange.refuse(Refusal.UNKNOWN_SID));
    if (taken && post && !request.response().ended()) {
      PostBody.invite(request, options);
    }
    return taken;
  }

  // --- handshake

  private void open(Exchange exchange, String transport) {
    HttpServerRequest request = exchange.request();
    boolean upgrade = isUpgrade(request);
    if (!request.method().equals(HttpMethod.GET)) {
      exchange.refuse(Refusal.BAD_HANDSHAKE_METHOD);
    } else if (transport.equals(WEBSOCKET) != upgrade || request.getParam("j") != null) {
      exchange.refuse(Refusal.BAD_REQUEST); // "j" asks for JSONP
    } else if (!VERSION.equals(request.getParam("EIO"))) {
      exchange.refuse(Refusal.UNSUPPORTED_VERSION);
    } else if (upgrade) {
      upgrade(exchange, gate -> {
        EngineSession session = session(exchange);
        session.openWebSocket(gate, listeners.apply(session));
        return session;
      });
    } else {
      EngineSession session = session(exchange);
      String packet = PacketType.OPEN.digit() + session.openPacket(true);
      ByteBuf payload = Unpooled.buffer(packet.length());
      ByteBufUtil.writeUtf8(payload, packet);
      exchange.payload(payload);
      session.openPolling(listeners.apply(session));
    }
  }

  private EngineSession session(Exchange exchange) {
    EngineSession session = new EngineSession(
        sids.get(),
        exchange.loop(),
        System::nanoTime,
        options,
        registry,
        HandshakeHeaders.of(exchange.request()));
    registry.add(session);
    return session;
  }

  // --- requests of a session

  private void proceed(Exchange exchange, String transport, EngineSession session) {
    HttpServerRequest request = exchange.request();
    boolean upgrade = isUpgrade(request);
    if (request.method().equals(HttpMethod.DELETE)) {
      onLoop(session, () -> session.wayCloses(transport.equals(WEBSOCKET)));
      exchange.status(204);
    } else if (transport.equals(WEBSOCKET) != upgrade) {
      exchange.refuse(Refusal.BAD_REQUEST);
    } else if (upgrade) {
      upgrade(exchange, gate -> {
        onLoop(session, () -> session.attach(gate));
        return session;
      });
    } else if (request.method().equals(HttpMethod.GET)) {
      exchange.onAbort(() -> onLoop(session, () -> session.requests().pollAborted(exchange)));
      request.resume(); // it may have come paused, and its connection would stay so
      onLoop(session, () -> session.requests().poll(exchange));
    } else if (request.method().equals(HttpMethod.POST)) {
      post(exchange, session);
    } else {
      exchange.refuse(Refusal.BAD_REQUEST);
    }
  }

  private void post(Exchange exchange, EngineSession session) {
    if (!session.requests().beginPost()) {
      onLoop(session, () -> session.requests().overlap(exchange));
      return;
    }
    if (OCTETS.equals(exchange.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
      exchange.refuse(Refusal.BAD_REQUEST);
      onLoop(session, () -> session.requests().badPost("transport error"));
      return;
    }
    BooleanSupplier stranger = () -> session.standing().trust() != Trust.FULL;
    PostBody.read(exchange, options, bodies, stranger, new PostBody.Reader() {
      @Override
      public void read(String text) {
        try {
          if (text == null) {
            throw new MalformedPacketException("not UTF-8");
          }
          List<Packet> packets = PacketCodec.decodePayload(text);
          if (packets.stream().anyMatch(one -> one.isLongerThan(options.sizes().payload()))) {
            onLoop(session, () -> {
              session.requests().badPost("payload too large");
              exchange.refuse(413);
            });
            return;
          }
          onLoop(session, () -> session.requests().posted(packets, exchange));
        } catch (MalformedPacketException e) {
          // The session first: a poll sent on this answer has to find it closed.
          onLoop(session, () -> {
            session.requests().badPost("parse error");
            exchange.refuse(Refusal.BAD_REQUEST);
          });
        }
      }

      @Override
      public void tooLarge() {
        cutShort(413, "payload too large");
      }

      @Override
      public void noRoom() {
        cutShort(503, "no room for the payload");
      }

      // The session first: a poll sent on this answer has to find it closed.
      private void cutShort(int status, String reason) {
        onLoop(session, () -> {
          session.requests().badPost(reason);
          exchange.cutShort(status);
        });
      }

      @Override
      public void tooSlow() {
        exchange.cutShort(408);
        onLoop(session, () -> session.requests().badPost("transport error"));
      }

      @Override
      public void aborted() {
        onLoop(session, () -> session.requests().badPost("transport error"));
      }
    });
  }

  private static void onLoop(EngineSession session, Runnable action) {
    if (session.eventLoop().inEventLoop()) {
      action.run();
    } else {
      session.eventLoop().execute(action);
    }
  }

  // --- WebSocket

  private static boolean isUpgrade(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    return upgrade != null
        && request.version() == HttpVersion.HTTP_1_1
        && WEBSOCKET.equalsIgnoreCase(upgrade.trim());
  }

  private void upgrade(Exchange exchange, Function<WebSocketGate, EngineSession> accepted) {
    HttpServerRequest request = exchange.request();
    ChannelPipeline pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    ContextInternal context = ContextInternal.current();
    if (pipeline.get(WebSocketServerExtensionHandler.class) != null) {
      // Frames are written as they are, and compression costs hundreds of kilobytes a connection.
      pipeline.remove(WebSocketServerExtensionHandler.class);
    }
    WebSocketGate gate = new WebSocketGate(options, accepted, () -> forget(request, context));
    if (pipeline.get(GATE) != null) {
      pipeline.remove(GATE); // of a refused handshake, which this one was pipelined behind
    }
    pipeline.addBefore("handler", GATE, gate);
    request.toWebSocket().onFailure(e -> {
      // Vert.x has answered what it found wrong with the handshake.
      if (pipeline.context(gate) != null) {
        pipeline.remove(gate);
      }
      if (!request.response().ended()) {
        exchange.refuse(Refusal.BAD_REQUEST);
      }
    });
    request.resume();
  }

  // What an open WebSocket would otherwise keep is most of what one costs.
  private static void forget(HttpServerRequest request, ContextInternal context) {
    request.headers().clear();
    if (context != null && context.isDuplicate()) {
      context.putLocal(ContextInternal.LOCAL_MAP, AccessMode.CONCURRENT, null);
    }
  }
}
