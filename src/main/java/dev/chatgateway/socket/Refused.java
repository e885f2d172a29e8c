package dev.chatgateway.socket;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ProblemJson;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Answers requests that open no WebSocket with a problem. */
final class Refused {
  private Refused() {}

  /** Answers with the status that goes with the error's code. */
  static void with(HttpServerResponse response, ChatException error) {
    with(response, error.code().httpStatus(), error);
  }

  /** Answers with that status. */
  static void with(HttpServerResponse response, int status, ChatException error) {
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, ProblemJson.MEDIA_TYPE)
        .end(Buffer.buffer(ProblemJson.of(status, title, error)));
  }
}
