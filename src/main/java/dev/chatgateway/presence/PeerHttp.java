package dev.chatgateway.presence;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Describes clients of other pods, and the requests that they send. */
public final class PeerHttp {
  private PeerHttp() {}

  /**
   * Returns the options of a client that trusts the certificates that a server trusts, and shows the
   * server's own to a pod that asks for one.
   *
   * @param connectTimeout how long connecting may take, and the TLS handshake
   */
  public static HttpClientOptions client(HttpServerOptions own, Duration connectTimeout) {
    return new HttpClientOptions()
        .setConnectTimeout((int) connectTimeout.toMillis())
        .setSslHandshakeTimeout(connectTimeout.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setTrustOptions(own.getTrustOptions())
        .setKeyCertOptions(own.getKeyCertOptions())
        .setVerifyHost(true);
  }

  /** Returns a request to a pod, by TLS if its port speaks that. */
  public static RequestOptions request(PeerAddress peer, HttpMethod method, String uri) {
    return new RequestOptions()
        .setServer(SocketAddress.inetSocketAddress(peer.port(), peer.host()))
        .setHost(peer.tlsName().orElse(peer.host()))
        .setPort(peer.port())
        .setSsl(peer.tlsName().isPresent())
        .setMethod(method)
        .setURI(uri)
        .putHeader(HttpHeaders.HOST, peer.authority());
  }
}
