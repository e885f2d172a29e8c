package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Says what is wrong where Quarkus would refuse too large a body without a word. */
@Singleton
class BodyLimit {
  // Anything over the 2 of Quarkus's own check.
  private static final int BEFORE_QUARKUS = 10;

  private final long maxBytes;

  BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max) {
    maxBytes = max.asLongValue();
  }

  static ChatException tooLarge() {
    return new ChatException(ErrorCode.TOO_LARGE, "the body is over the limit");
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_QUARKUS);
  }

  private void check(RoutingContext call) {
    if (call.request().path().startsWith("/api/") && length(call) > maxBytes) {
      int status = tooLarge().code().httpStatus();
      call.response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
          .end(Buffer.buffer(Problem.json(status, tooLarge())))
          .onComplete(told -> call.request().connection().close());
    } else {
      call.next();
    }
  }

  private static long length(RoutingContext call) {
    String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0; // the server refuses it further on
    }
  }
}
