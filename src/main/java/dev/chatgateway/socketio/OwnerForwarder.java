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
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.httpproxy.HttpProxy;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Passes requests on to the pod that owns their session, which its sid names: so a load balancer
 * needs no sticky sessions. A request is passed on once; where its pod is gone, or doesn't know the
 * session either, the client hears so and begins anew.
 */
final class OwnerForwarder implements Forwarder {
  private static final Logger LOG = Logger.getLogger(OwnerForwarder.class);
  private static final String FORWARDED_BY = "Chat-Forwarded-By";

  private final Pod pod;
  private final HttpClient client;
  private final Counter forwarded;
  private final Counter ownerGone;

  /**
   * @param silence how long a waiting poll or a WebSocket may be silent when nothing is wrong
   */
  OwnerForwarder(
      Vertx vertx, Pod pod, PeersConfig config, Duration silence, MeterRegistry registry) {
    this.pod = pod;
    this.client = vertx.createHttpClient(new HttpClientOptions()
        .setConnectTimeout((int) config.connectTimeout().toMillis())
        .setIdleTimeout((int) Math.max(1, silence.toSeconds() + 1))
        .setMaxPoolSize(config.maxForwards())
        .setMaxWaitQueueSize(0));
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
    request.pause();
    Loop loop = pod.loops().current();
    pod.addresses()
        .find(loop, owner.get())
        .compose(found -> found.isEmpty()
            ? Future.failedFuture("no pod " + owner.get() + " is alive")
            : connect(request, found.get()))
        .onComplete(done -> loop.run(() -> {
          if (done.succeeded()) {
            pass(request, done.result());
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

  private void pass(HttpServerRequest request, HttpClientRequest onwards) {
    forwarded.increment();
    onwards.putHeader(FORWARDED_BY, pod.id());
    // A client that has gone must not leave its poll waiting at the owner.
    request.response().closeHandler(gone -> onwards.reset());
    HttpProxy.reverseProxy(client)
        .origin(context -> Future.succeededFuture(onwards))
        .handle(request);
  }
}
