package dev.chatgateway.socketio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket that goes through this pod to the one that has its session, as bytes. Neither side is
 * read while the other doesn't take what it is sent: little waits here, and the session's own bound
 * sees who is too slow. Vert.x's proxy would take in all that comes.
 */
final class Tunnel {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int BAD_GATEWAY = 502;
  // From when one side is gone; whoever doesn't take the last bytes would keep them here for good.
  private static final long CUT_AFTER_S = 2;

  private final HttpServerRequest request;
  private final HttpClientRequest onwards;
  private final Channel clients;
  private final Channel owners;

  /**
   * @param request what {@link #isWanted} says asks for one
   * @param onwards what asks the owner for one, of which nothing has been sent
   */
  Tunnel(HttpServerRequest request, HttpClientRequest onwards) {
    this.request = request;
    this.onwards = onwards;
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

  /**
   * Opens it, or answers with the status that the owner refuses it with.
   *
   * @param closed the client's connection has ended, after it was opened
   */
  void open(Runnable closed) {
    onwards
        .headers()
        .addAll(request.headers())
        .remove(HttpHeaders.HOST)
        .remove(HttpHeaders.CONTENT_LENGTH) // a body is not passed on
        .remove(HttpHeaders.TRANSFER_ENCODING)
        .set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    onwards.connect().onComplete(done -> {
      if (done.failed()) {
        clients.eventLoop().execute(() -> refuse(BAD_GATEWAY));
      } else if (done.result().statusCode() != SWITCHING_PROTOCOLS) {
        // Vert.x would not use that connection again, nor close it.
        done.result().end().onComplete(end -> onwards.connection().close());
        clients.eventLoop().execute(() -> refuse(done.result().statusCode()));
      } else {
        NetSocket owner = done.result().netSocket().pause();
        clients.eventLoop().execute(() -> join(owner, done.result().headers(), closed));
      }
    });
    onwards.end();
    request.resume();
  }

  private void refuse(int status) {
    if (!request.response().closed()) {
      request.response().setStatusCode(status).end();
    }
  }

  private void join(NetSocket owner, MultiMap headers, Runnable closed) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      onwards.connection().close();
      return;
    }
    onwards.connection().exceptionHandler(e -> {}); // a reset is but an end, and logged otherwise
    clients.closeFuture().addListener(end -> closed.run());
    cutSoonAfter(clients, owners);
    cutSoonAfter(owners, clients);
    response.setStatusCode(SWITCHING_PROTOCOLS).headers().addAll(headers);
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
