package dev.chatgateway.entrance;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ProblemJson;
import io.micrometer.core.instrument.Metrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Sees requests as the decoder makes them: tells the {@link RequestClock} where they end, and refuses
 * with 400 those that the router would log as an error each, which a stranger could fill the log
 * with, and those whose length two readers could understand in two ways.
 *
 * <p>A request goes on when the one before it has been answered; until then it is held here, and
 * nothing more is read. Vert.x would take in all that are sent behind one that waits, look through
 * all of them for each further one, and let go of nothing where the connection ends amid one.
 */
final class RequestWatch extends ChannelDuplexHandler {
  private static final HttpResponseStatus STATUS = HttpResponseStatus.BAD_REQUEST;
  private static final byte[] PROBLEM = ProblemJson.of(
      STATUS.code(),
      STATUS.reasonPhrase(),
      ChatException.badRequest(
          "request",
          "must have one Host, the path of a URI, escapes included, and no coding but chunked"));
  private static final String CHUNKED = "chunked";

  private final RequestClock clock;
  private final Deque<Object> held = new ArrayDeque<>(0);
  private boolean unanswered;
  private boolean deaf;

  RequestWatch(RequestClock clock) {
    this.clock = clock;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof LastHttpContent) {
      clock.requestEnded();
    }
    if (!held.isEmpty() || (unanswered && message instanceof HttpRequest)) {
      held.add(message);
      ctx.channel().config().setAutoRead(false);
      clock.requestEnded(); // it is not its client that lets it wait
    } else {
      pass(ctx, message);
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (held.isEmpty()) {
      ctx.read();
    }
  }

  private void pass(ChannelHandlerContext ctx, Object message) {
    if (deaf) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      if (!isWellFormed(request)) {
        ReferenceCountUtil.release(message);
        refuse(ctx, request);
        return;
      }
      unanswered = true;
    }
    ctx.fireChannelRead(message);
  }

  /** Passes on the requests that are held, up to one that has to wait in its turn. */
  private void passHeld(ChannelHandlerContext ctx) {
    if (held.isEmpty()) {
      return;
    }
    ctx.channel().config().setAutoRead(true); // unless the server has enough with what it gets now
    boolean whole = true;
    while (!held.isEmpty() && !(unanswered && held.peek() instanceof HttpRequest)) {
      Object message = held.poll();
      whole = message instanceof LastHttpContent;
      pass(ctx, message);
    }
    ctx.fireChannelReadComplete(); // the server flushes only then
    if (!held.isEmpty()) {
      ctx.channel().config().setAutoRead(false);
      return;
    }
    if (!whole) {
      clock.requestGoesOn();
    }
    if (ctx.channel().config().isAutoRead()) {
      ctx.read();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (drop()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    deaf = true;
    drop();
    super.channelInactive(ctx);
  }

  private boolean drop() {
    boolean any = !held.isEmpty();
    held.forEach(ReferenceCountUtil::release);
    held.clear();
    return any;
  }

  // What could not be decoded is refused further on, with the status that says why.
  private static boolean isWellFormed(HttpRequest request) {
    return request.decoderResult().isFailure()
        || (isHostGiven(request) && isPath(request.uri()) && isCodedOnce(request));
  }

  // RFC 9112, 6.1: what a proxy and the decoder could understand differently. The decoder takes
  // lists that end in it, and a folded line.
  private static boolean isCodedOnce(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return codings.isEmpty() || (codings.size() == 1 && CHUNKED.equalsIgnoreCase(codings.get(0)));
  }

  // RFC 9112, 3.2.1 and 3.2.2; the other forms are of proxies, and of OPTIONS for a whole server.
  private static boolean isPath(String target) {
    return (target.startsWith("/") || target.indexOf("://") > 0) && isUri(target);
  }

  // Quarkus refuses the others in the same way, but without a body.
  private static boolean isUri(String target) {
    try {
      new URI(target);
      return true;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  // RFC 9112, 3.2
  private static boolean isHostGiven(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }
    return hosts.size() == 1 && HostAndPort.parseAuthority(hosts.get(0), -1) != null;
  }

  private void refuse(ChannelHandlerContext ctx, HttpRequest request) {
    deaf = true;
    Metrics.counter("chat.requests.malformed").increment();
    FullHttpResponse response = new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        STATUS,
        request.method().equals(HttpMethod.HEAD)
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(PROBLEM));
    response
        .headers()
        .set(CONTENT_LENGTH, PROBLEM.length)
        .set(CONTENT_TYPE, ProblemJson.MEDIA_TYPE)
        .set(CONNECTION, CLOSE);
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    super.write(ctx, message, promise);
    if (message instanceof HttpResponse response
        && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      ctx.pipeline().remove(this);
      clock.leave();
    } else if (message instanceof LastHttpContent && !isInterim(message)) {
      unanswered = false;
      if (!held.isEmpty()) {
        ctx.executor().execute(() -> passHeld(ctx)); // once the server is done with this one
      }
    }
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
