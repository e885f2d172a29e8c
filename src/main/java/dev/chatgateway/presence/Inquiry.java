package dev.chatgateway.presence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import java.net.ConnectException;
import java.time.Duration;

/**
 * Asks pods, by HTTP, whether they go by an incarnation still. Each question goes by a connection of
 * its own: whether one can be made is a part of the answer.
 */
public final class Inquiry {
  /** Where a pod answers, the incarnation behind it: 204 where it goes by that one, else 404. */
  public static final String PATH = "/pods/";

  private final Vertx vertx;
  private final Duration answer;
  private volatile HttpClient client;

  /**
   * @param connectTimeout how long connecting to a pod may take
   * @param lease how long a lease is: three questions must take less
   */
  public Inquiry(Vertx vertx, Duration connectTimeout, Duration lease) {
    Duration share = lease.dividedBy(8);
    answer = connectTimeout.compareTo(share) < 0 ? connectTimeout : share;
    this.vertx = vertx;
    trust(new HttpServerOptions());
  }

  /** Trusts the certificates that this server trusts, and shows its own to a pod that asks. */
  void trust(HttpServerOptions own) {
    client = vertx.createHttpClient(PeerHttp.client(own, answer).setKeepAlive(false));
  }

  /** How long a pod may take to answer. */
  Duration answer() {
    return answer;
  }

  /**
   * Asks the pod at that address. Returns false where it does not go by that incarnation, or nobody is
   * there; fails where there is no answer, or not a pod's.
   */
  Future<Boolean> isAt(PeerAddress address, String incarnation) {
    return client
        .request(PeerHttp.request(address, HttpMethod.HEAD, PATH + incarnation)
            .setTimeout(answer.toMillis()))
        .compose(HttpClientRequest::send)
        .compose(Inquiry::read)
        .recover(e -> e instanceof ConnectException && e.getMessage().contains("refused")
            ? Future.succeededFuture(false)
            : Future.failedFuture(e));
  }

  private static Future<Boolean> read(HttpClientResponse response) {
    return switch (response.statusCode()) {
      case 204 -> Future.succeededFuture(true);
      case 404 -> Future.succeededFuture(false);
      default -> Future.failedFuture("status " + response.statusCode());
    };
  }
}
