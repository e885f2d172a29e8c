package dev.chatgateway.socketio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A WebSocket that goes through this pod to the one that has its session, as bytes. Neither side is
 * read while the other doesn't take what it is sent: little waits here, and the session's own bound
 * sees who is too slow. Vert.x's proxy would take in all that comes.
 */
final class Tunnel {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int BAD_GATEWAY = 502;
  private static final CharSequence ACCEPT = HttpHeaderNames.SEC_WEBSOCKET_ACCEPT;
  // From when one side is gone; whoever doesn't take the last bytes would keep them here for good.
  private static final long CUT_AFTER_S = 2;

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final String VERSION = "13";

  private final HttpServerRequest request;
  private final HttpClientRequest onwards;
  private final Predicate<HttpClientResponse> proved;
  private final Forward forward;
  private final Channel clients;
  private final Channel owners;

  /**
   * @param request what {@link #isWanted} and {@link #isSound} say asks for one
   * @param onwards what asks the owner for one, of which nothing has been sent
   * @param proved whether an answer is the owner's
   */
  Tunnel(
      HttpServerRequest request,
      HttpClientRequest onwards,
      Predicate<HttpClientResponse> proved,
      Forward forward) {
    this.request = request;
    this.onwards = onwards;
    this.proved = proved;
    this.forward = forward;
    this.clients = channel(request.connection());
    this.owners = channel(onwards.connection());
  }

  private static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** Whether that asks for a WebSocket. */
  static boolean isWanted(HttpServerRequest request) {
    return HttpUtils.canUpgradeToWebSocket(request);
  }

  /** Returns whether the request has the one key and the one version that a WebSocket needs. */
  static boolean isSound(HttpServerRequest request) {
    List<String> keys = request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return keys.size() == 1
        && KEY.matcher(keys.get(0)).matches()
        && request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(List.of(VERSION));
  }

  /** Opens it, or answers with the status that the owner refuses it with. On the client's loop. */
  void open() {
    String key = request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    onwards
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
        .putHeader(HttpHeaders.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION)
        .putHeader(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
    onwards.connect().onComplete(done -> {
      if (done.succeeded()) {
        done.result().exceptionHandler(e -> {});
      }
      if (done.failed() || !proved.test(done.result())) {
        forward.refused(BAD_GATEWAY);
      } else if (done.result().statusCode() != SWITCHING_PROTOCOLS) {
        int status = done.result().statusCode();
        forward.refused(status >= 400 && status < 600 ? status : BAD_GATEWAY);
      } else if (!accept(key).equals(done.result().getHeader(ACCEPT))) {
        forward.refused(BAD_GATEWAY);
      } else {
        NetSocket owner = done.result().netSocket().pause();
        clients.eventLoop().execute(() -> join(owner, key));
      }
    });
    onwards.end();
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private void join(NetSocket owner, String key) {
    if (!forward.joined()) {
      onwards.connection().close();
      return;
    }
    onwards.connection().exceptionHandler(e -> {}); // a reset is but an end, and logged otherwise
    clients.closeFuture().addListener(end -> forward.end());
    cutSoonAfter(clients, owners);
    cutSoonAfter(owners, clients);
    request
        .response()
        .setStatusCode(SWITCHING_PROTOCOLS)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
        .putHeader(HttpHeaders.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .putHeader(ACCEPT, accept(key));
    request
        .toNetSocket()
        .onSuccess(client -> {
          owner.pipeTo(client);
          client.pipeTo(owner);
          owners.pipeline().addFirst(new Brake(client));
        })
        .onFailure(e -> request.connection().close());
  }

  private static void cutSoonAfter(Channel gone, Channel left) {
    gone.closeFuture().addListener(end -> {
      if (left.isOpen()) {
        // Not by Vert.x, which flushes first.
        left.eventLoop()
            .schedule(() -> left.unsafe().close(left.voidPromise()), CUT_AFTER_S, TimeUnit.SECONDS);
      }
    });
  }

  /** Stands in for Vert.x, to which the socket of a client's request is never full. */
  private static final class Brake extends ChannelInboundHandlerAdapter {
    private final NetSocket source;

    Brake(NetSocket source) {
      this.source = source;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (ctx.channel().isWritable()) {
        source.resume();
      } else {
        source.pause();
      }
      ctx.fireChannelWritabilityChanged();
    }
  }
}
