package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.ProblemJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** What a caller is told of an error: a {@link ProblemJson} with the headers that go with it. */
final class Problem {
  static final String MEDIA_TYPE = ProblemJson.MEDIA_TYPE;

  // As long as a pod needs to find Redis again when all goes well.
  private static final long UNAVAILABLE_RETRY_MS = 1000;

  private Problem() {}

  /** The response to that error, with the status that goes with its code. */
  static Response response(ChatException error) {
    return response(error.code().httpStatus(), error);
  }

  /** The response for what HTTP has a status for and the contract no code but that one. */
  static Response response(int status, String detail) {
    return response(status, new ChatException(ErrorCode.BAD_REQUEST, detail));
  }

  private static Response response(int status, ChatException error) {
    Response.ResponseBuilder response =
        Response.status(status).type(MEDIA_TYPE).entity(json(status, error));
    switch (error.code()) {
      case UNAUTHENTICATED -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      case INVALID_TOKEN ->
        response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
      case RATE_LIMITED, UNAVAILABLE ->
        response.header(HttpHeaders.RETRY_AFTER, seconds(error.retryAfterMs()));
      default -> {}
    }
    return response.build();
  }

  /** Answers with the problem, ahead of JAX-RS. */
  static void answer(RoutingContext call, ChatException error) {
    answer(call, error.code().httpStatus(), error);
  }

  /** Answers with the problem and that status, ahead of JAX-RS. */
  static void answer(RoutingContext call, int status, ChatException error) {
    call.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
        .end(Buffer.buffer(json(status, error)));
  }

  private static byte[] json(int status, ChatException error) {
    return ProblemJson.of(status, title(status), error);
  }

  private static String title(int status) {
    Response.Status known = Response.Status.fromStatusCode(status);
    return known == null ? "Error" : known.getReasonPhrase();
  }

  private static long seconds(long retryAfterMs) {
    long ms = retryAfterMs < 0 ? UNAVAILABLE_RETRY_MS : retryAfterMs;
    return Math.max(1, (ms + 999) / 1000);
  }
}
