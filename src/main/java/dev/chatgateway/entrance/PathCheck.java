package dev.chatgateway.entrance;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ProblemJson;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Refuses requests whose path would come to mean another one than it says, on both ports, whatever
 * they are for. The path is checked as it was received, since routers, JAX-RS and the proxies before
 * them each decode and shorten it in a way of their own: {@code participants/..} would be the
 * ticket itself, and {@code /api;x/tickets/7} a call.
 */
@Singleton
class PathCheck {
  // Quarkus's own filters begin at 300.
  private static final int FIRST = 1_000;
  private static final HttpResponseStatus STATUS = HttpResponseStatus.BAD_REQUEST;
  private static final Pattern MISLEADING = Pattern.compile(
      // What no path may hold, or begins matrix parameters, a fragment, or is a slash elsewhere.
      "[^!-~]|[;#\\\\]"
          // The same, escaped, and escapes that are none.
          + "|%(?![0-9a-f]{2})|%[01][0-9a-f]|%(?:7f|3b|2f|5c)"
          // Parts of dots.
          + "|(?:^|/)(?:\\.|%2e){1,2}(?:/|$)",
      Pattern.CASE_INSENSITIVE);

  // The path holds none either; of a query, nothing else is refused.
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  void register(@Observes Filters filters) {
    filters.register(PathCheck::check, FIRST);
  }

  void register(@Observes ManagementInterface management) {
    management.router().route().order(-FIRST).handler(PathCheck::check);
  }

  private static void check(RoutingContext call) {
    if (isMisleading(call.request().uri())) {
      refuse(call);
    } else {
      call.next();
    }
  }

  /** Returns whether that request target is refused, for its path or the escapes of its query. */
  static boolean isMisleading(String target) {
    int query = target.indexOf('?');
    return query < 0
        ? MISLEADING.matcher(target).find()
        : MISLEADING.matcher(target.substring(0, query)).find()
            || BROKEN_ESCAPE.matcher(target.substring(query)).find();
  }

  private static void refuse(RoutingContext call) {
    ChatException why = ChatException.badRequest(
        "path",
        "must have neither a semicolon, a backslash nor a part of dots, and no broken escapes");
    call.response()
        .setStatusCode(STATUS.code())
        .putHeader(HttpHeaders.CONTENT_TYPE, ProblemJson.MEDIA_TYPE)
        .end(Buffer.buffer(ProblemJson.of(STATUS.code(), STATUS.reasonPhrase(), why)));
  }
}
