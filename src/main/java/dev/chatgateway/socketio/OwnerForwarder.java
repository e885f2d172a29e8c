package dev.chatgateway.socketio;

import dev.chatgateway.Pod;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.session.Loop;
import dev.chatgateway.socketio.engine.Forwarder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Passes requests on to the pod that owns their session, which its sid names: so a load balancer
 * needs no sticky sessions. A request is passed on once; where its pod is gone, or doesn't know the
 * session either, the client hears so and begins anew. When this pod stops, the owners are asked to
 * answer the polls that wait, and to send away whose WebSocket goes through here.
 */
final class OwnerForwarder implements Forwarder {
  private static final Logger LOG = Logger.getLogger(OwnerForwarder.class);
  static final String FORWARDED_BY = "Chat-Forwarded-By";
  // After a poll its client sends the next one, here unless it has heard that it is not to.
  private static final long QUIET_NANOS = 1_000_000_000;

  private final Pod pod;
  private final HttpClient client;
  private final HttpClient
      asking; // its own: polls that wait may take all of the other's connections
  private final Owners owners;
  private final Counter forwarded;
  private final Counter ownerGone;
  private final Set<PassedOn> underway = ConcurrentHashMap.newKeySet();
  private volatile long busyNanos = System.nanoTime() - QUIET_NANOS;

  /**
   * @param life how long a session lives without a request
   * @param silence how long a waiting poll or a WebSocket may be silent when nothing is wrong
   */
  OwnerForwarder(
      Vertx vertx,
      Pod pod,
      PeersConfig config,
      Duration life,
      Duration silence,
      MeterRegistry registry) {
    this.pod = pod;
    this.client = vertx.createHttpClient(new HttpClientOptions()
        .setConnectTimeout((int) config.connectTimeout().toMillis())
        .setIdleTimeout((int) Math.max(1, silence.toSeconds() + 1))
        .setMaxPoolSize(config.maxForwards())
        .setMaxWaitQueueSize(0));
    this.asking = vertx.createHttpClient(
        new HttpClientOptions().setConnectTimeout((int) config.connectTimeout().toMillis()));
    this.owners = new Owners(pod, asking, config.connectTimeout(), life);
    this.forwarded = Counter.builder("chat.socketio.forwarded")
        .description("Socket.IO requests passed on to the pod that owns their session")
        .register(registry);
    this.ownerGone = Counter.builder("chat.socketio.owner.gone")
        .description("Socket.IO requests whose session's pod could not be reached")
        .register(registry);
  }

  /** Whether another pod has passed this request on. */
  static boolean isForwarded(HttpServerRequest request) {
    return request.headers().contains(FORWARDED_BY);
  }

  @Override
  public boolean forward(HttpServerRequest request, String sid, Runnable unknown) {
    Optional<String> owner = Sid.pod(sid);
    if (isForwarded(request) || owner.isEmpty() || owner.get().equals(pod.id())) {
      return false;
    }
    busyNanos = System.nanoTime();
    request.pause();
    Loop loop = pod.loops().current();
    owners
        .find(loop, owner.get(), () -> !request.response().closed())
        .compose(found -> connect(request, found))
        .onComplete(done -> loop.run(() -> {
          if (done.succeeded() && request.response().closed()) {
            done.result().reset(); // its client had no patience
          } else if (done.succeeded()) {
            pass(request, sid, done.result());
          } else if (done.cause() instanceof ConnectionPoolTooBusyException) {
            request.response().setStatusCode(503).putHeader("Retry-After", "1").end();
          } else {
            LOG.debugf("A request is not passed on: %s", done.cause().getMessage());
            ownerGone.increment();
            request.resume();
            unknown.run();
          }
        }));
    return true;
  }

  private Future<HttpClientRequest> connect(HttpServerRequest request, HostAndPort owner) {
    return client.request(new RequestOptions()
        .setHost(owner.host())
        .setPort(owner.port())
        .setMethod(request.method())
        .setURI(request.uri()));
  }

  private void pass(HttpServerRequest request, String sid, HttpClientRequest onwards) {
    forwarded.increment();
    onwards.putHeader(FORWARDED_BY, pod.id());
    HostAndPort owner = HostAndPort.create(onwards.getHost(), onwards.getPort());
    boolean webSocket = Tunnel.isWanted(request);
    PassedOn one = new PassedOn(sid, owner, webSocket);
    underway.add(one);
    // A client that has gone must not leave its poll waiting at the owner.
    request.response().closeHandler(gone -> {
      ended(one);
      onwards.reset();
    });
    request.response().endHandler(end -> ended(one)); // a WebSocket's, too, where it is refused
    if (webSocket) {
      new Tunnel(request, onwards).open(() -> ended(one));
      return;
    }
    HttpProxy.reverseProxy(client)
        .origin(context -> Future.succeededFuture(onwards))
        .addInterceptor(new ProxyInterceptor() {
          @Override
          public Future<Void> handleProxyResponse(ProxyContext context) {
            if (pod.isRefusing() && request.version() == HttpVersion.HTTP_1_1) {
              context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            return context.sendResponse();
          }
        })
        .handle(request);
  }

  private void ended(PassedOn one) {
    underway.remove(one);
    busyNanos = System.nanoTime();
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
    asking
        .request(new RequestOptions()
            .setHost(one.owner().host())
            .setPort(one.owner().port())
            .setMethod(HttpMethod.DELETE)
            .setURI(one.uri())
            .putHeader(FORWARDED_BY, pod.id()))
        .compose(HttpClientRequest::send)
        .onFailure(e -> LOG.debugf("What goes through here is cut: %s", e.getMessage()));
  }
}
