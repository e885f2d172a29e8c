package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Refuses paths that would come to mean another call than they say: {@code participants/..} is
 * taken for the ticket itself, as an id may be two dots, and {@code 7;x} for 7.
 */
@Singleton
class PathCheck {
  // Anything over the 2 of Quarkus's own checks.
  private static final int BEFORE_QUARKUS = 11;
  private static final Pattern MISLEADING =
      Pattern.compile(";|(?:^|/)(?:\\.|%2e){1,2}(?:/|$)", Pattern.CASE_INSENSITIVE);

  void register(@Observes Filters filters) {
    filters.register(PathCheck::check, BEFORE_QUARKUS);
  }

  private static void check(RoutingContext call) {
    if (isApi(call) && MISLEADING.matcher(call.request().path()).find()) {
      refuse(call, ChatException.badRequest("path", "must not have a semicolon or a part of dots"));
    } else {
      call.next();
    }
  }

  /** Whether a call is one of the ticket system's, however its path is written. */
  static boolean isApi(RoutingContext call) {
    return call.normalizedPath().startsWith("/api/");
  }

  /** Answers with a problem, ahead of JAX-RS. */
  static void refuse(RoutingContext call, ChatException error) {
    int status = error.code().httpStatus();
    call.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .end(Buffer.buffer(Problem.json(status, error)));
  }
}
