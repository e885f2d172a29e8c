package dev.chatgateway.socketio;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.Origins;
import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.presence.PeerSecret;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.session.Door;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.socketio.engine.EngineOptions;
import dev.chatgateway.socketio.engine.EngineServer;
import dev.chatgateway.socketio.namespace.NamespaceOptions;
import dev.chatgateway.socketio.namespace.NamespaceServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The Socket.IO door, at {@code /socket.io/}. */
@Singleton
public class SocketIoDoor implements Door {
  private static final Logger LOG = Logger.getLogger(SocketIoDoor.class);
  private static final String ENABLED = "enabled";
  private static final int FORBIDDEN = 403;
  // The API's body limit, at -3, would refuse a long body, and the polling session would stay.
  private static final int BEFORE_BODY_LIMIT = -4;
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final int LARGEST_ANSWER = 1024 * 1024;

  private final Pod pod;
  private final OwnAddress address;
  private final boolean insecure;
  private final PeerSecret secret;
  private final PeerProof proof;
  private final PeerClient peers;
  private final OwnerForwarder forwarder;
  private final EngineServer server;

  SocketIoDoor(
      Vertx vertx,
      Pod pod,
      Origins origins,
      SocketIoConfig socketIo,
      PeersConfig config,
      LimitsConfig limits,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.http.host") String httpHost,
      @ConfigProperty(name = "quarkus.http.insecure-requests", defaultValue = ENABLED)
          String insecureRequests) {
    this.pod = pod;
    this.address = new OwnAddress(config, httpHost);
    this.insecure = insecureRequests.equalsIgnoreCase(ENABLED);
    this.secret = new PeerSecret(config);
    this.proof = new PeerProof(pod.id(), secret, pod::nowMs);
    EngineOptions options = EngineOptions.DEFAULTS
        .withHeartbeat(socketIo.pingInterval(), socketIo.pingTimeout())
        .withSizes(sizes(socketIo, limits))
        // The session's own bound comes first, and says why it closes; an answer may be beyond it.
        .withMaxPending(Math.toIntExact(2 * limits.outboundQueue().asLongValue() + LARGEST_ANSWER))
        .withTimeouts(socketIo.upgradeTimeout(), EngineOptions.DEFAULTS.closeTimeout(), MARGIN);
    NamespaceServer chat = new NamespaceServer(
        NamespaceOptions.DEFAULTS
            .withConnectTimeout(socketIo.connectTimeout())
            .withMaxAttachmentBytes(options.sizes().payload()),
        Sid::random,
        Map.of("/", new ChatNamespace(pod)));
    Duration life = socketIo.pingInterval().plus(socketIo.pingTimeout());
    PodAdmission admission = new PodAdmission(pod, origins, () -> isFull(limits.connections()));
    peers = new PeerClient(vertx, config, life.plus(MARGIN), proof);
    forwarder = new OwnerForwarder(pod, admission, options, config, peers, proof, life, registry);
    server = new EngineServer(options, admission, () -> Sid.of(pod.id()), forwarder, chat);
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
    router
        .route("/socket.io/*")
        .order(BEFORE_BODY_LIMIT)
        .handler(context -> handle(context.request()));
  }

  void handle(HttpServerRequest request) {
    if (!Framing.isSound(request)) {
      Framing.refuse(request);
    } else if (PeerProof.isClaimed(request) && !proof.accept(request)) {
      request.resume();
      request.response().setStatusCode(FORBIDDEN).end();
    } else if (!Owners.answer(request)) {
      server.handle(request);
    }
  }

  /** From when it serves, the other pods may pass requests on to this one. */
  void serving(@ObservesAsync HttpServerStart start) {
    if (insecure) {
      announce(address.plain(start.options().getPort()));
    }
  }

  /** From when it speaks TLS, other pods speak it to this one. */
  void serving(@ObservesAsync HttpsServerStart start) {
    peers.trust(start.options());
    pod.trustPeersOf(start.options());
    announce(address.tls(start.options().getPort()));
  }

  private void announce(PeerAddress own) {
    pod.addresses().announce(own);
    if (!secret.isPresent() && LaunchMode.current() == LaunchMode.NORMAL) {
      LOG.warn("chat.peers.secret is not set: if there is more than one pod, whoever can write to "
          + "Redis decides where Socket.IO requests are passed on to, and pods can't tell each "
          + "other's requests from a stranger's");
    }
  }
}
