package dev.chatgateway.socketio;

import dev.chatgateway.Pod;
import dev.chatgateway.logging.LogThrottle;
import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.socketio.engine.Admission;
import dev.chatgateway.socketio.engine.EngineOptions;
import dev.chatgateway.socketio.engine.Forwarder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * Passes requests on to the pod that owns their session, which its sid names: so a load balancer
 * needs no sticky sessions. A request is passed on once; where its pod is gone, or doesn't know the
 * session either, the client hears so and begins anew. When this pod stops, the owners are asked to
 * answer the polls that wait, and to send away whose WebSocket goes through here.
 *
 * <p>Nothing of a request reaches the owner as its client sent it but the body, with the length that
 * was received, and the headers of a fixed list. See {@link Forward}.
 */
final class OwnerForwarder implements Forwarder {
  private static final Logger LOG = Logger.getLogger(OwnerForwarder.class);
  // After a poll its client sends the next one, here unless it has heard that it is not to.
  private static final long QUIET_NANOS = 1_000_000_000;
  // Thirty-two large bodies; most have a few hundred bytes, and are here for milliseconds.
  private static final long MAX_BODY_BYTES = 16 << 20;
  private static final int UPGRADE_REQUIRED = 426;

  private final Pod pod;
  private final Admission admission;
  private final EngineOptions options;
  private final Duration answerTimeout;
  private final PeerProof proof;
  private final PeerClient peers;
  private final Owners owners;
  private final HeldBodies bodies = new HeldBodies(MAX_BODY_BYTES);
  private final Counter forwarded;
  private final Counter ownerGone;
  private final Set<PassedOn> underway = ConcurrentHashMap.newKeySet();
  private final LogThrottle warnings = new LogThrottle(Duration.ofMinutes(1));
  private volatile long busyNanos = System.nanoTime() - QUIET_NANOS;

  /**
   * @param life how long a session lives without a request
   */
  OwnerForwarder(
      Pod pod,
      Admission admission,
      EngineOptions options,
      PeersConfig config,
      PeerClient peers,
      PeerProof proof,
      Duration life,
      MeterRegistry registry) {
    this.pod = pod;
    this.admission = admission;
    this.options = options;
    this.answerTimeout = config.connectTimeout();
    this.proof = proof;
    this.peers = peers;
    this.owners = new Owners(pod.addresses(), peers, proof, answerTimeout, life);
    this.forwarded = Counter.builder("chat.socketio.forwarded")
        .description("Socket.IO requests passed on to the pod that owns their session")
        .register(registry);
    this.ownerGone = Counter.builder("chat.socketio.owner.gone")
        .description("Socket.IO requests whose session's pod could not be reached")
        .register(registry);
  }

  @Override
  public boolean forward(HttpServerRequest request, String sid, Runnable unknown) {
    Optional<String> owner = Sid.pod(sid);
    boolean known =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.POST);
    if (PeerProof.isClaimed(request) || owner.isEmpty() || owner.get().equals(pod.id()) || !known) {
      return false;
    }
    busyNanos = System.nanoTime();
    if (Tunnel.isWanted(request) && !Tunnel.isSound(request)) {
      request
          .response()
          .setStatusCode(UPGRADE_REQUIRED)
          .putHeader("Sec-WebSocket-Version", "13")
          .end();
    } else {
      new Forward(this, request, pod.loops().current(), sid, owner.get(), unknown).start();
    }
    return true;
  }

  // --- what each of them needs

  Owners owners() {
    return owners;
  }

  PeerClient peers() {
    return peers;
  }

  PeerProof proof() {
    return proof;
  }

  HeldBodies bodies() {
    return bodies;
  }

  /** Returns how many bytes a body may have. */
  int maxBody() {
    return options.sizes().body();
  }

  Duration bodyTimeout() {
    return options.bodyTimeout();
  }

  void addHeaders(HttpServerRequest request, MultiMap headers) {
    admission.addHeaders(request, headers);
  }

  Admission.Denial refusal(int status) {
    return admission.refusal(status);
  }

  PassedOn passedOn(String sid, PeerAddress owner, boolean webSocket) {
    forwarded.increment();
    PassedOn one = new PassedOn(sid, owner, webSocket);
    underway.add(one);
    return one;
  }

  /** Ends what {@link #passedOn} began, if it had. */
  void ended(PassedOn one) {
    if (one != null) {
      underway.remove(one);
    }
    busyNanos = System.nanoTime();
  }

  /** Notes that a pod could not be found or reached. */
  void ownerGone(String owner, Throwable cause) {
    ownerGone.increment();
    if (cause instanceof SSLException && warnings.admits()) {
      LOG.warnf("No request is passed on to pod %s: %s", owner, cause.getMessage());
    } else {
      LOG.debugf("A request is not passed on: %s", cause.getMessage());
    }
  }

  // --- when this pod stops

  @Override
  public boolean isClosing() {
    boolean closing = pod.isRefusing();
    if (closing) {
      busyNanos = System.nanoTime();
    }
    return closing;
  }

  /** How many requests and WebSockets go through here. */
  int underway() {
    return underway.size();
  }

  /** Whether nothing goes through here, and nobody is likely to ask for it in the next moment. */
  boolean isQuiet() {
    return underway.isEmpty() && System.nanoTime() - busyNanos > QUIET_NANOS;
  }

  /** Asks the owners to let go of what goes through here: of polls at once, of WebSockets evenly. */
  void release(Duration over) {
    List<PassedOn> due = underway.stream().filter(PassedOn::take).toList();
    due.stream().filter(one -> !one.webSocket()).forEach(this::ask);
    List<PassedOn> webSockets = due.stream().filter(PassedOn::webSocket).toList();
    for (int i = 0; i < webSockets.size(); i++) {
      PassedOn one = webSockets.get(i);
      pod.loops().main().after(over.toMillis() * i / webSockets.size(), () -> ask(one));
    }
  }

  private void ask(PassedOn one) {
    if (!underway.contains(one)) {
      return;
    }
    peers
        .ask(one.owner(), HttpMethod.DELETE, one.uri(), answerTimeout)
        .compose(begun -> begun.request().send())
        .onFailure(e -> LOG.debugf("What goes through here is cut: %s", e.getMessage()));
  }
}
