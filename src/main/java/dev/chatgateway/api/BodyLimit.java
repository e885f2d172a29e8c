package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads bodies, and says what is wrong where Quarkus would refuse too large a one mutely. */
@Singleton
class BodyLimit {
  // Over the 2 of Quarkus's own check, and after the Socket.IO door, which has a limit of its own.
  static final int BEFORE_QUARKUS = 3;
  private static final long LINGER_MS = 2000;
  private static final String CONTINUE = "100-continue";

  private final long maxBytes;

  BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max) {
    maxBytes = max.asLongValue();
  }

  private static ChatException tooLarge() {
    return new ChatException(ErrorCode.TOO_LARGE, "the body is over the limit");
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_QUARKUS);
  }

  private void check(RoutingContext call) {
    if (length(call) > maxBytes) {
      stopReceivingAfter(call);
      Problem.answer(call, tooLarge());
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

  /**
   * The body of a call, on its loop. Left to itself, RESTEasy reads a large one on a worker thread.
   *
   * @return fails with {@code too_large} where it is
   */
  Uni<byte[]> read(RoutingContext call) {
    return Uni.createFrom().emitter(emitter -> {
      if (call.request().isEnded()) {
        emitter.complete(new byte[0]);
      } else {
        read(call, emitter);
      }
    });
  }

  private void read(RoutingContext call, UniEmitter<? super byte[]> emitter) {
    HttpServerRequest request = call.request();
    Buffer body = Buffer.buffer();
    if (awaitsContinue(request)) {
      request.response().writeContinue();
    }
    request.exceptionHandler(e ->
        emitter.fail(new ChatException(ErrorCode.BAD_REQUEST, "the body ended before its end")));
    request.endHandler(end -> emitter.complete(body.getBytes()));
    request.handler(part -> {
      if (body.length() + part.length() <= maxBytes) {
        body.appendBuffer(part);
      } else {
        stopReceivingAfter(call);
        emitter.fail(tooLarge());
      }
    });
    request.resume();
  }

  // Only where the body is wanted: whoever is refused need not send it.
  private static boolean awaitsContinue(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_1
        && CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  // A client that goes on sending can be stopped in no other way; but at once, it would not get to
  // read the answer.
  private static void stopReceivingAfter(RoutingContext call) {
    HttpServerRequest request = call.request();
    call.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    call.addEndHandler(
        told -> call.vertx().setTimer(LINGER_MS, late -> request.connection().close()));
    request.handler(more -> {});
    request.resume();
  }
}
