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
import java.util.List;

/**
 * Sees requests as the decoder makes them: tells the {@link RequestClock} where they end, and refuses
 * with 400 those that the router would log as an error each, which a stranger could fill the log
 * with.
 */
final class RequestWatch extends ChannelDuplexHandler {
  private static final HttpResponseStatus STATUS = HttpResponseStatus.BAD_REQUEST;
  private static final byte[] PROBLEM = ProblemJson.of(
      STATUS.code(),
      STATUS.reasonPhrase(),
      ChatException.badRequest(
          "request", "must have one Host and the path of a URI, escapes included"));

  private final RequestClock clock;
  private int unanswered;
  private HttpRequest refused;

  RequestWatch(RequestClock clock) {
    this.clock = clock;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (refused != null) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      if (!isWellFormed(request)) {
        ReferenceCountUtil.release(message);
        refuse(ctx, request);
        return;
      }
      unanswered++;
    }
    if (message instanceof LastHttpContent) {
      clock.requestEnded();
    }
    super.channelRead(ctx, message);
  }

  // What could not be decoded is refused further on, with the status that says why.
  private static boolean isWellFormed(HttpRequest request) {
    return request.decoderResult().isFailure() || (isHostGiven(request) && isPath(request.uri()));
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

  // In its turn, where requests before it have still to be answered.
  private void refuse(ChannelHandlerContext ctx, HttpRequest request) {
    refused = request;
    Metrics.counter("chat.requests.malformed").increment();
    if (unanswered == 0) {
      answer(ctx);
    }
  }

  private void answer(ChannelHandlerContext ctx) {
    FullHttpResponse response = new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        STATUS,
        refused.method().equals(HttpMethod.HEAD)
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
      unanswered--;
      if (refused != null && unanswered == 0) {
        answer(ctx);
      }
    }
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
