package dev.chatgateway.socketio;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.Origins;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.session.Door;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.socketio.engine.EngineOptions;
import dev.chatgateway.socketio.engine.EngineServer;
import dev.chatgateway.socketio.namespace.NamespaceOptions;
import dev.chatgateway.socketio.namespace.NamespaceServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.HttpServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The Socket.IO door, at {@code /socket.io/}. */
@Singleton
public class SocketIoDoor implements Door {
  // Quarkus refuses a long body before -2, and the session of such a polling request would stay.
  private static final int BEFORE_BODY_LIMIT = -3;
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final Pod pod;
  private final PeersConfig peers;
  private final String httpHost;
  private final OwnerForwarder forwarder;
  private final EngineServer server;

  SocketIoDoor(
      Vertx vertx,
      Pod pod,
      Origins origins,
      SocketIoConfig config,
      PeersConfig peers,
      LimitsConfig limits,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.http.host") String httpHost) {
    this.pod = pod;
    this.peers = peers;
    this.httpHost = httpHost;
    EngineOptions options = EngineOptions.DEFAULTS
        .withHeartbeat(config.pingInterval(), config.pingTimeout())
        .withSizes(sizes(config, limits))
        // The session's own bound comes first, and says why it closes.
        .withMaxPending(Math.toIntExact(2 * limits.outboundQueue().asLongValue()))
        .withTimeouts(config.upgradeTimeout(), EngineOptions.DEFAULTS.closeTimeout(), MARGIN);
    NamespaceServer chat = new NamespaceServer(
        NamespaceOptions.DEFAULTS
            .withConnectTimeout(config.connectTimeout())
            .withMaxAttachmentBytes(options.sizes().payload()),
        Sid::random,
        Map.of("/", new ChatNamespace(pod)));
    Duration life = config.pingInterval().plus(config.pingTimeout());
    forwarder = new OwnerForwarder(vertx, pod, peers, life, life.plus(MARGIN), registry);
    server = new EngineServer(
        options,
        new PodAdmission(pod, origins, () -> isFull(limits.connections())),
        () -> Sid.of(pod.id()),
        forwarder,
        chat);
    pod.add(this);
  }

  private static EngineOptions.Sizes sizes(SocketIoConfig config, LimitsConfig limits) {
    int payload = Math.toIntExact(config.maxPayload().asLongValue());
    int body = Math.max(payload, Math.toIntExact(config.maxBody().asLongValue()));
    return new EngineOptions.Sizes(
        payload,
        Math.min(payload, Math.toIntExact(limits.firstFrames().asLongValue())),
        body,
        Math.max(body, config.maxBodies().asLongValue()));
  }

  @Override
  public int others() {
    return forwarder.underway();
  }

  @Override
  public void clear(Duration over) {
    server.closeUnused(CloseCode.RESTART.code(), CloseCode.RESTART.reason());
    forwarder.release(over);
  }

  /** What a client that polls has still to be told waits for its next poll. */
  @Override
  public boolean isClear() {
    return server.sessions() == 0 && forwarder.isQuiet();
  }

  /** By those who have not entered yet, or by whoever came through either door. */
  private boolean isFull(int limit) {
    return Math.max(server.sessions(), pod.sessions().count()) >= limit;
  }

  void route(@Observes Router router) {
    router.route("/socket.io/*").order(BEFORE_BODY_LIMIT).handler(context -> {
      if (!Owners.answer(context.request(), pod.id())) {
        server.handle(context.request());
      }
    });
  }

  /** From when it serves, the other pods may pass requests on to this one. */
  void serving(@ObservesAsync HttpServerStart start) {
    HostAndPort address = peers
        .address()
        .map(given -> HostAndPort.parseAuthority(given, -1))
        .orElseGet(
            () -> HostAndPort.create(OwnAddress.of(httpHost), start.options().getPort()));
    pod.addresses().announce(address);
  }
}
