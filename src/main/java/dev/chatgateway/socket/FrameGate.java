package dev.chatgateway.socket;

import dev.chatgateway.Pod;
import dev.chatgateway.protocol.ClientFrame;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.session.Failures;
import dev.chatgateway.session.Session;
import dev.chatgateway.websocket.Intake;
import dev.chatgateway.websocket.ReadStop;
import dev.chatgateway.websocket.Trust;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.vertx.core.MultiMap;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One connection's frames, in the Netty pipeline just before Vert.x's handler: gives text to the
 * session and refuses all else with the right close code. Pings, pongs and closes go on to Vert.x.
 *
 * <p>It also lets go of what an open WebSocket needs no more (handshake headers, contexts' data,
 * the HTTP idle handler), which is most of what one would otherwise cost.
 */
final class FrameGate extends ChannelDuplexHandler implements Intake.Client {
  static final TypedKey<FrameGate> KEY = new TypedKey<>("chat.gate");

  private static final String ENCODER = "wsencoder";
  private static final String IDLE = "idle";
  private static final int MAX_EARLY_FRAMES = 16;
  private static final int MAX_FRAGMENTS = 1024;
  private static final int FRAGMENTS_CAPACITY = 512;
  private static final long CLOSE_TIMEOUT_S = 2;

  private final Pod pod;
  private final int maxBytes;
  private final Intake intake;
  private String token;
  private MultiMap handshakeHeaders;
  private ContextInternal handshakeContext;

  private ChannelHandlerContext self;
  private SocketOutbound out;
  private Session session;
  private ByteBuf fragments;
  private int fragmentCount;
  // The extension opens a connection with a task of its own, which frames may come before.
  private List<WebSocketFrame> early = new ArrayList<>(0);
  private Runnable onceOpen;
  private boolean closing;

  /**
   * @param maxFirstBytes in a message before authentication
   * @param token what the upgrade carried in its Authorization header, or null
   */
  FrameGate(
      Pod pod,
      int maxBytes,
      int maxFirstBytes,
      String token,
      MultiMap headers,
      ContextInternal handshakeContext) {
    this.pod = pod;
    this.maxBytes = maxBytes;
    this.intake = new Intake(maxFirstBytes, this);
    this.token = token;
    this.handshakeHeaders = headers;
    this.handshakeContext = handshakeContext;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    self = ctx;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    if (out == null
        && message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      handshakeHeaders.clear(); // from here on they are only kept, never read
      handshakeHeaders = null;
      out = new SocketOutbound(this, ctx.pipeline().context(ENCODER));
      intake.addTo(ctx.pipeline());
    }
    super.write(ctx, message, promise);
  }

  /** The extension has opened the connection. On its loop. */
  void opened() {
    if (self.pipeline().get(IDLE) != null) {
      self.pipeline().remove(IDLE); // sessions have a heartbeat of their own
    }
    forget(handshakeContext);
    handshakeContext = null;
    ContextInternal callback = ContextInternal.current();
    self.executor().execute(() -> forget(callback));

    if (closing || !self.channel().isActive()) {
      ended();
      return;
    }
    session = pod.open(self.channel().eventLoop(), out);
    if (token != null) {
      pod.authenticate(session, token);
      token = null;
    }
    List<WebSocketFrame> waiting = early;
    early = null;
    waiting.forEach(this::received);
    if (onceOpen != null && session != null) {
      session.afterTurns(onceOpen);
    }
    onceOpen = null;
  }

  // --- before authentication

  @Override
  public Trust trust() {
    if (early != null) {
      return Trust.UNDECIDED; // the token may have come with the handshake
    } else if (session == null) {
      return Trust.NONE;
    }
    return session.principal() != null
        ? Trust.FULL
        : session.isBusy() ? Trust.UNDECIDED : Trust.NONE;
  }

  @Override
  public void onceDecided(Runnable action) {
    if (early != null) {
      onceOpen = () -> unlessClosing(action);
    } else {
      session.afterTurns(() -> unlessClosing(action));
    }
  }

  private void unlessClosing(Runnable action) {
    if (!closing) {
      action.run();
    }
  }

  @Override
  public void tooBig(int max) {
    refuse(CloseCode.TOO_BIG, "more than " + max + " bytes in a message before authentication");
  }

  // --- in

  private static void forget(ContextInternal context) {
    if (context != null && context.isDuplicate()) {
      context.putLocal(ContextInternal.LOCAL_MAP, AccessMode.CONCURRENT, null);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (!(message instanceof WebSocketFrame frame)) {
      super.channelRead(ctx, message);
      return;
    }
    intake.decoded(frame);
    if (early == null) {
      received(frame);
    } else if (early.size() < MAX_EARLY_FRAMES) {
      early.add(frame);
    } else {
      frame.release();
      refuse(CloseCode.POLICY, CloseCode.POLICY.reason());
    }
  }

  private void received(WebSocketFrame frame) {
    if (closing) {
      frame.release();
      if (frame instanceof CloseWebSocketFrame) {
        self.close();
      }
    } else if (frame.rsv() != 0) {
      frame.release();
      refuse(CloseCode.PROTOCOL, "no extension was agreed on");
    } else if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
      try {
        text(frame);
      } finally {
        frame.release();
      }
    } else if (frame instanceof BinaryWebSocketFrame) {
      frame.release();
      refuse(CloseCode.UNSUPPORTED, CloseCode.UNSUPPORTED.reason());
    } else {
      if (frame instanceof PongWebSocketFrame && session != null) {
        session.heard();
      }
      if (frame instanceof PingWebSocketFrame && session != null && !session.keepsUp()) {
        frame.release(); // whoever doesn't read pongs gets no more of them
        return;
      }
      self.fireChannelRead(frame);
    }
  }

  private void text(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    int size = content.readableBytes() + (fragments == null ? 0 : fragments.readableBytes());
    if (size > maxBytes) {
      refuse(CloseCode.TOO_BIG, "more than " + maxBytes + " bytes in a message");
      return;
    } else if (!intake.admits(size)) {
      tooBig(intake.maxBytes());
      return;
    }
    if (fragments == null && frame.isFinalFragment()) {
      message(content);
      return;
    }
    // Copied, since a part of a few bytes would keep the whole buffer it was read into.
    if (fragments == null) {
      fragments = self.alloc().buffer(Math.min(maxBytes, FRAGMENTS_CAPACITY), maxBytes);
    }
    fragments.writeBytes(content);
    if (++fragmentCount > MAX_FRAGMENTS) {
      refuse(CloseCode.POLICY, "more than " + MAX_FRAGMENTS + " fragments in a message");
    } else if (frame.isFinalFragment()) {
      ByteBuf whole = fragments;
      fragments = null;
      fragmentCount = 0;
      try {
        message(whole);
      } finally {
        whole.release();
      }
    }
  }

  private void message(ByteBuf utf8) {
    if (!ByteBufUtil.isText(utf8, StandardCharsets.UTF_8)) {
      refuse(CloseCode.NOT_UTF8, CloseCode.NOT_UTF8.reason());
      return;
    }
    int length = utf8.readableBytes();
    ClientFrame frame = ClientFrame.parse(utf8.toString(StandardCharsets.UTF_8));
    PlainReply reply = frame.ref() == null ? null : new PlainReply(out, frame.ref());
    if (frame.problem() != null) {
      pod.inbound().bad(session, reply, frame.data(), frame.problem());
    } else {
      pod.inbound().received(session, frame.event(), length, frame.data(), reply);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    ended();
    super.channelInactive(ctx);
  }

  private void ended() {
    closing = true;
    if (early != null) {
      early.forEach(ReferenceCountUtil::release);
      early = List.of();
    }
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
    if (session != null) {
      pod.sessions().ended(session);
      session = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      CloseCode code = switch (corrupted.closeStatus().code()) {
        case 1007 -> CloseCode.NOT_UTF8;
        case 1009 -> CloseCode.TOO_BIG;
        default -> CloseCode.PROTOCOL;
      };
      refuse(code, corrupted.closeStatus().reasonText());
    } else if (cause instanceof IOException) {
      ctx.close(); // the client has gone
    } else {
      Failures.toldToClient(cause, session == null ? "handshake" : session.id(), "a frame");
      refuse(CloseCode.INTERNAL, CloseCode.INTERNAL.reason());
    }
  }

  // By the session, where there is one: so that it says nothing more, and the end is counted.
  private void refuse(CloseCode code, String reason) {
    if (session == null) {
      close(code, reason);
    } else {
      session.close(code, reason);
    }
  }

  /** Ends the connection with that code. On its loop. */
  void close(CloseCode code, String reason) {
    switch (code) {
      // Whoever breaks the rules is not read any further.
      case PROTOCOL, UNSUPPORTED, NOT_UTF8, POLICY, TOO_BIG -> ReadStop.on(self.channel());
      default -> {}
    }
    closing(code.code(), reason);
  }

  // Closed by the context: the channel's own close would have Vert.x send a second close frame.
  // And not at once: closing over unread input resets the connection, and the code is lost.
  private void closing(int code, String reason) {
    if (closing) {
      return;
    }
    closing = true;
    self.writeAndFlush(new CloseWebSocketFrame(code, reason));
    self.executor().schedule(() -> self.close(), CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
  }
}
