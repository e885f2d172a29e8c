package dev.chatgateway.socketio;

import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.presence.PeerHttp;
import dev.chatgateway.presence.PeersConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/**
 * Sends requests to other pods. One kind of connections passes requests on; questions have others,
 * since polls that wait may take all of the former.
 */
final class PeerClient {
  private final Vertx vertx;
  private final PeersConfig config;
  private final Duration silence;
  private final PeerProof proof;
  private volatile HttpClient passing;
  private volatile HttpClient asking;

  /**
   * @param silence how long an answer may be on its way when nothing is wrong
   */
  PeerClient(Vertx vertx, PeersConfig config, Duration silence, PeerProof proof) {
    this.vertx = vertx;
    this.config = config;
    this.silence = silence;
    this.proof = proof;
    trust(new HttpServerOptions());
  }

  /** Trusts from now on whom that server trusts, and shows its certificate if a peer asks for one. */
  void trust(HttpServerOptions own) {
    passing = vertx.createHttpClient(PeerHttp.client(own, config.connectTimeout())
        .setIdleTimeout((int) Math.max(1, silence.toSeconds() + 1))
        .setMaxPoolSize(config.maxForwards())
        .setMaxWaitQueueSize(0));
    asking = vertx.createHttpClient(PeerHttp.client(own, config.connectTimeout()));
  }

  /** A request that has been given a connection, and sent nothing. */
  record Begun(HttpClientRequest request, PeerProof.Claim claim) {}

  /** Takes a connection to pass a request on; fails at once if there may be no more. */
  Future<Begun> pass(PeerAddress peer, HttpMethod method, String uri) {
    return begin(passing, peer, method, uri, 0);
  }

  /** Takes a connection to ask something, which has to be answered within that time. */
  Future<Begun> ask(PeerAddress peer, HttpMethod method, String uri, Duration within) {
    return begin(asking, peer, method, uri, within.toMillis());
  }

  private Future<Begun> begin(
      HttpClient client, PeerAddress peer, HttpMethod method, String uri, long timeoutMs) {
    PeerProof.Claim claim = proof.claim(method, uri);
    RequestOptions options =
        PeerHttp.request(peer, method, uri).putHeader(claim.header(), claim.value());
    if (timeoutMs > 0) {
      options.setTimeout(timeoutMs);
    }
    return client.request(options).map(request -> {
      // Their failures end the request, or fail its answer; unhandled, each would be logged as an
      // error.
      request.exceptionHandler(e -> {});
      request.connection().exceptionHandler(e -> {});
      return new Begun(request, claim);
    });
  }
}
