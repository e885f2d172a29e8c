package dev.chatgateway.entrance;

import io.micrometer.core.instrument.Metrics;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose request takes too long: from connecting, or from the first byte of a further
 * request, to its last one, the body included. Between two requests, and once the connection has
 * become a WebSocket, it doesn't count.
 *
 * <p>It stands before the decoder, and has {@link RequestWatch} behind it say where requests end.
 */
final class RequestClock extends ChannelInboundHandlerAdapter {
  // As Vert.x names its handlers.
  private static final String TLS = "ssl";
  private static final String SERVER = "handler";

  private final long timeoutMs;
  private final boolean decrypted;
  private ChannelHandlerContext self;
  private ScheduledFuture<?> deadline;
  private boolean underWay;
  private boolean watched;

  /**
   * @param decrypted whether TLS, where there is any, lies before it
   */
  RequestClock(long timeoutMs, boolean decrypted) {
    this.timeoutMs = timeoutMs;
    this.decrypted = decrypted;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    self = ctx;
    start();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stop();
    super.channelInactive(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    ChannelPipeline pipeline = ctx.pipeline();
    if (!decrypted && pipeline.get(TLS) != null) {
      pipeline.addAfter(TLS, null, new RequestClock(timeoutMs, true));
      pipeline.remove(this);
      super.channelRead(ctx, message);
      return;
    }
    boolean seen = watch(pipeline);
    underWay = true;
    super.channelRead(ctx, message);
    // Removed with all others where the request was one for HTTP/2.
    if (!seen && !ctx.isRemoved() && watch(pipeline)) {
      // The server was put together on its first bytes, as where it knows HTTP/2 as well; whether
      // they were a whole request can't be told, and they count as one.
      requestEnded();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (underWay) {
      start();
    }
    super.channelReadComplete(ctx);
  }

  private boolean watch(ChannelPipeline pipeline) {
    if (!watched && pipeline.get(SERVER) != null) {
      watched = true;
      if (pipeline.get(HttpRequestDecoder.class) == null) {
        leave(); // of HTTP/2, on the port of health and metrics
      } else {
        pipeline.addBefore(SERVER, null, new RequestWatch(this));
      }
    }
    return watched;
  }

  /** The last byte of a request has come. */
  void requestEnded() {
    underWay = false;
    stop();
  }

  /** The rest of a request that had to wait may come. */
  void requestGoesOn() {
    if (!self.isRemoved()) {
      underWay = true;
      start();
    }
  }

  /** No request will follow. */
  void leave() {
    if (!self.isRemoved()) {
      self.pipeline().remove(this);
    }
  }

  private void start() {
    if (deadline == null) {
      deadline = self.executor().schedule(this::late, timeoutMs, TimeUnit.MILLISECONDS);
    }
  }

  private void stop() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void late() {
    Metrics.counter("chat.requests.late").increment();
    self.close();
  }
}
