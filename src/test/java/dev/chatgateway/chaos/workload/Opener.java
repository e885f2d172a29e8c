package dev.chatgateway.chaos.workload;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.Random;

/** Opens transports to the gateway: each persona's door, through the balancer or past it. */
final class Opener implements Connection.Opening {
  private static final int BIG = 16 << 20;
  private static final int MANY = 1000;
  private static final int CONNECT_MS = 3000;

  private final Gateway gateway;
  private final Random random;
  private final WebSocketClient sockets;
  private final WebSocketClient narrow;
  private final HttpClient http;

  Opener(Vertx vertx, Gateway gateway, Random random) {
    this.gateway = gateway;
    this.random = random;
    sockets = vertx.createWebSocketClient(options());
    narrow = vertx.createWebSocketClient(options().setReceiveBufferSize(8 << 10));
    http = vertx.createHttpClient(
        new HttpClientOptions().setMaxPoolSize(MANY).setConnectTimeout(CONNECT_MS));
  }

  private static WebSocketClientOptions options() {
    return new WebSocketClientOptions()
        .setMaxConnections(MANY)
        .setMaxFrameSize(BIG)
        .setMaxMessageSize(BIG)
        .setClosingTimeout(1)
        .setConnectTimeout(CONNECT_MS);
  }

  @Override
  public Transport open(Persona who, Transport.Listener listener) {
    if (who.door() == Door.POLLING) {
      return new PollingTransport(http, gateway.balancer(), listener);
    }
    URI where = who.direct()
        ? gateway.pods().get(random.nextInt(gateway.pods().size()))
        : gateway.balancer();
    return new SocketTransport(who.direct() ? narrow : sockets, where, who.door(), listener);
  }

  @Override
  public String pod(Transport transport) {
    return gateway.names().get(transport.reached());
  }
}
