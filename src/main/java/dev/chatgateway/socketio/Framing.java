package dev.chatgateway.socketio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells requests whose length two readers could understand in two ways. The decoder has framed a
 * request before its headers come here, and takes more than the standard allows; filters may have
 * added headers since.
 */
final class Framing {
  private static final String CHUNKED = "chunked";
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final int BAD_REQUEST = 400;

  private Framing() {}

  /** Returns whether the headers say how long the request is in one way and no other. */
  static boolean isSound(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return true; // has frames of its own
    }
    MultiMap headers = request.headers();
    List<String> lengths = headers.getAll(HttpHeaders.CONTENT_LENGTH);
    List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    if (!codings.isEmpty()) {
      return lengths.isEmpty()
          && codings.size() == 1
          && CHUNKED.equalsIgnoreCase(codings.get(0))
          && request.version() == HttpVersion.HTTP_1_1
          && mayHaveBody(request);
    }
    return lengths.isEmpty()
        || (lengths.size() == 1
            && LENGTH.matcher(lengths.get(0)).matches()
            && (mayHaveBody(request) || Long.parseLong(lengths.get(0)) == 0));
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.method().equals(HttpMethod.POST) || request.method().equals(HttpMethod.PUT);
  }

  /** Returns the bytes a sound request says its body has; -1 if only its end will tell. */
  static long announced(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  /** Answers with 400, and reads nothing more from that connection. On the request's loop. */
  static void refuse(HttpServerRequest request) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    channel.pipeline().addBefore("handler", null, new Deaf());
    request
        .response()
        .setStatusCode(BAD_REQUEST)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end()
        .onComplete(written -> request.connection().close());
  }

  private static final class Deaf extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }
  }
}
