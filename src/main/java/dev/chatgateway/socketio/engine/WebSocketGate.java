package dev.chatgateway.socketio.engine;

import dev.chatgateway.websocket.Intake;
import dev.chatgateway.websocket.ReadStop;
import dev.chatgateway.websocket.Trust;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * One WebSocket, in the Netty pipeline just before Vert.x's handler: gives messages to the session
 * and writes frames past the encoder. Pings, pongs and closes go on to Vert.x. On the loop of its
 * own connection, but for what is called by the session, which may be on another.
 */
final class WebSocketGate extends ChannelDuplexHandler implements Intake.Client {
  private static final String ENCODER = "wsencoder";
  private static final String DECODER = "wsdecoder";
  private static final String IDLE = "idle";
  private static final int MAX_FRAGMENTS = 1024;
  private static final int FRAGMENTS_CAPACITY = 512;
  private static final int MAX_IN_FLIGHT = 256;
  private static final long CLOSE_TIMEOUT_S = 2;

  private final int maxBytes;
  private final Intake intake;
  private final int maxPending;
  private Function<WebSocketGate, EngineSession> accepted;
  private Runnable forget;

  private ChannelHandlerContext self;
  private volatile ChannelHandlerContext encoder;
  private EngineSession session;
  private ByteBuf fragments;
  private boolean fragmentsAreText;
  private int fragmentCount;
  private boolean closing;
  // Only where the session is on another loop.
  private AtomicInteger inFlight;

  /**
   * @param accepted gives the session once the WebSocket is open
   * @param forget lets go of what only the handshake needed
   */
  WebSocketGate(
      EngineOptions options, Function<WebSocketGate, EngineSession> accepted, Runnable forget) {
    this.maxBytes = options.sizes().payload();
    this.intake = new Intake(options.sizes().firstPayload(), this);
    this.maxPending = options.maxPending();
    this.accepted = accepted;
    this.forget = forget;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    self = ctx;
  }

  /** The loop of its connection. */
  EventLoop loop() {
    return self.channel().eventLoop();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    super.write(ctx, message, promise);
    if (encoder == null
        && message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      open();
    }
  }

  private void open() {
    encoder = self.pipeline().context(ENCODER);
    // Vert.x's would let a frame of any size through that the HTTP server as a whole allows.
    self.pipeline()
        .replace(
            DECODER,
            DECODER,
            new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxBytes)
                .allowExtensions(false)
                .withUTF8Validator(false)
                .closeOnProtocolViolation(false)
                .build()));
    if (self.pipeline().get(IDLE) != null) {
      self.pipeline().remove(IDLE); // sessions have a heartbeat of their own
    }
    session = accepted.apply(this);
    accepted = null;
    if (intake.maxBytes() < maxBytes) {
      intake.addTo(self.pipeline());
    }
    // Only then, since Vert.x is still about to look at them.
    loop().execute(forget);
    forget = null;
    if (!session.eventLoop().inEventLoop()) {
      inFlight = new AtomicInteger();
    }
  }

  // --- before the layer above trusts the client

  @Override
  public Trust trust() {
    return session.standing().trust();
  }

  @Override
  public void onceDecided(Runnable action) {
    onSession(() ->
        session.standing().onceDecided(() -> loop().execute(() -> unlessClosing(action))));
  }

  private void unlessClosing(Runnable action) {
    if (!closing) {
      action.run();
    }
  }

  @Override
  public void tooBig(int max) {
    refuse(1009, "more than " + max + " bytes in a message before authentication");
  }

  // --- in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (session == null || !(message instanceof WebSocketFrame frame)) {
      super.channelRead(ctx, message);
      return;
    }
    if (closing) {
      frame.release();
      if (frame instanceof CloseWebSocketFrame) {
        ctx.close();
      }
      return;
    }
    intake.decoded(frame);
    if (frame instanceof TextWebSocketFrame
        || frame instanceof BinaryWebSocketFrame
        || frame instanceof ContinuationWebSocketFrame) {
      try {
        data(frame);
      } finally {
        frame.release();
      }
    } else if (frame instanceof PingWebSocketFrame && pendingBytes() > maxPending / 2) {
      frame.release(); // whoever doesn't read pongs gets no more of them
    } else {
      ctx.fireChannelRead(frame);
    }
  }

  private void data(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    int size = content.readableBytes() + (fragments == null ? 0 : fragments.readableBytes());
    if (size > maxBytes) {
      refuse(1009, "more than " + maxBytes + " bytes in a message");
      return;
    } else if (!intake.admits(size)) {
      tooBig(intake.maxBytes());
      return;
    }
    if (fragments == null && frame.isFinalFragment()) {
      message(content, frame instanceof TextWebSocketFrame);
      return;
    }
    // Copied, since a part of a few bytes would keep the whole buffer it was read into.
    if (fragments == null) {
      fragments = self.alloc().buffer(Math.min(maxBytes, FRAGMENTS_CAPACITY), maxBytes);
      fragmentsAreText = frame instanceof TextWebSocketFrame;
      fragmentCount = 0;
    }
    fragments.writeBytes(content);
    if (++fragmentCount > MAX_FRAGMENTS) {
      refuse(1008, "more than " + MAX_FRAGMENTS + " fragments in a message");
    } else if (frame.isFinalFragment()) {
      ByteBuf whole = fragments;
      fragments = null;
      try {
        message(whole, fragmentsAreText);
      } finally {
        whole.release();
      }
    }
  }

  private void message(ByteBuf content, boolean text) {
    if (!text) {
      received(Packet.binary(ByteBufUtil.getBytes(content)));
    } else if (!ByteBufUtil.isText(content, StandardCharsets.UTF_8)) {
      refuse(1007, "not UTF-8");
    } else {
      try {
        received(PacketCodec.decode(content.toString(StandardCharsets.UTF_8)));
      } catch (MalformedPacketException e) {
        refuse(1002, e.getMessage());
      }
    }
  }

  private void received(Packet packet) {
    EngineSession to = session;
    if (inFlight == null) {
      to.received(this, packet);
      return;
    }
    if (inFlight.incrementAndGet() == MAX_IN_FLIGHT) {
      self.channel().config().setAutoRead(false);
      if (inFlight.get() < MAX_IN_FLIGHT) {
        self.channel().config().setAutoRead(true); // one was done before reading ended
      }
    }
    to.eventLoop().execute(() -> {
      try {
        to.received(this, packet);
      } finally {
        if (inFlight.getAndDecrement() == MAX_IN_FLIGHT) {
          loop().execute(() -> self.channel().config().setAutoRead(true));
        }
      }
    });
  }

  private void refuse(int code, String reason) {
    close(code, reason);
    onSession(() -> session.violated(this, reason));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    closing = true;
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
    if (session != null) {
      onSession(() -> session.disconnected(this));
    }
    super.channelInactive(ctx);
  }

  private void onSession(Runnable action) {
    EventLoop its = session.eventLoop();
    if (its.inEventLoop()) {
      action.run();
    } else {
      its.execute(action);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (session == null) {
      super.exceptionCaught(ctx, cause);
    } else if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      refuse(corrupted.closeStatus().code(), corrupted.closeStatus().reasonText());
    } else if (cause instanceof IOException) {
      ctx.close(); // the client has gone
    } else {
      Defects.log(cause, "A frame of session %s could not be handled", session.sid());
      refuse(1011, "internal error");
    }
  }

  // --- out; may be called from the session's loop

  /** Writes a whole frame; takes its reference. */
  void write(ByteBuf frame) {
    encoder.write(frame, encoder.voidPromise());
  }

  /** Runs the action when all that was written before has left, on the loop of the connection. */
  void whenWritten(Runnable action) {
    ChannelPromise left = encoder.newPromise();
    left.addListener(done -> action.run());
    encoder.write(Unpooled.EMPTY_BUFFER, left);
  }

  /** Hands what was written to the socket; Vert.x doesn't know of these writes. */
  void flush() {
    encoder.flush();
  }

  long pendingBytes() {
    ChannelOutboundBuffer queue = encoder.channel().unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  /** Closes after what was written. */
  void close(int code, String reason) {
    if (loop().inEventLoop()) {
      closeHere(code, reason);
    } else {
      loop().execute(() -> closeHere(code, reason));
    }
  }

  // Closed by the context: the channel's own close would have Vert.x send a second close frame.
  // And not at once: closing over unread input resets the connection, and the code is lost.
  private void closeHere(int code, String reason) {
    if (closing) {
      return;
    }
    closing = true;
    if (isViolation(code)) {
      ReadStop.on(self.channel());
    }
    self.writeAndFlush(new CloseWebSocketFrame(code, reason));
    self.executor().schedule(() -> self.close(), CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
  }

  private static boolean isViolation(int code) {
    return switch (code) {
      case 1002, 1003, 1007, 1008, 1009 -> true;
      default -> false;
    };
  }
}
