package dev.chatgateway.ops;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.ProblemJson;
import dev.chatgateway.session.LimitsConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * {@code GET /ops/pods} on the management port: an {@link Overview} as JSON, for whom {@link
 * OpsAccess} admits. Also has this pod report to the others.
 */
@Singleton
public class OpsEndpoint {
  private static final Logger LOG = Logger.getLogger(OpsEndpoint.class);

  private final Pod pod;
  private final OwnReport own;
  private final Overviews overviews;
  private final OpsAccess access;

  OpsEndpoint(
      Pod pod,
      TokenVerifier verifier,
      LimitsConfig limits,
      MeterRegistry meters,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown")
          String version) {
    this.pod = pod;
    this.own = new OwnReport(pod, version, new PodFigures(meters, limits.connections()));
    this.overviews = new Overviews(pod, own);
    this.access = new OpsAccess(verifier);
  }

  void report(@Observes StartupEvent started) {
    pod.reports().publish(() -> own.renew().json());
  }

  void route(@Observes ManagementInterface management) {
    management.router().get("/ops/pods").handler(this::answer);
  }

  private void answer(RoutingContext call) {
    Context context = call.vertx().getOrCreateContext();
    String authorization = call.request().getHeader(HttpHeaders.AUTHORIZATION);
    call.vertx()
        .executeBlocking(() -> access.check(authorization), false)
        .compose(check -> check)
        .compose(admitted -> overviews.now())
        .map(Overview::json)
        .onComplete(done -> context.runOnContext(here -> {
          if (done.succeeded()) {
            end(call.response(), "application/json", done.result());
          } else {
            refuse(call.response(), done.cause());
          }
        }));
  }

  private static void refuse(HttpServerResponse response, Throwable failure) {
    if (!(failure instanceof ChatException)) {
      LOG.error("The pods could not be shown", failure);
    }
    ChatException error = failure instanceof ChatException known
        ? known
        : new ChatException(ErrorCode.INTERNAL, "the pods could not be shown; see the log");
    HttpResponseStatus status = HttpResponseStatus.valueOf(error.code().httpStatus());
    switch (error.code()) {
      case UNAUTHENTICATED -> response.putHeader("WWW-Authenticate", "Bearer");
      case INVALID_TOKEN ->
        response.putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      case UNAVAILABLE -> response.putHeader("Retry-After", seconds(error.retryAfterMs()));
      default -> {}
    }
    response.setStatusCode(status.code());
    end(
        response,
        ProblemJson.MEDIA_TYPE,
        ProblemJson.of(status.code(), status.reasonPhrase(), error));
  }

  private static String seconds(long ms) {
    return Long.toString(Math.max(1, (ms + 999) / 1000));
  }

  private static void end(HttpServerResponse response, String type, byte[] body) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(Buffer.buffer(body));
  }
}
