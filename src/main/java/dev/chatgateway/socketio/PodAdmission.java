package dev.chatgateway.socketio;

import dev.chatgateway.Pod;
import dev.chatgateway.auth.Origins;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.ProblemJson;
import dev.chatgateway.socketio.engine.Admission;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Who may come to the Socket.IO door, and which pages may read its answers. */
final class PodAdmission implements Admission {
  private static final String PREFLIGHT_LIFETIME_S = "600";
  private static final int OK = 200;
  private static final int TOO_LARGE = 413;
  private static final int UNAVAILABLE = 503;
  private static final Denial NOT_ALLOWED = problem(
      405,
      ChatException.badRequest("method", "must be one that is allowed here"),
      "Allow",
      "GET, POST, OPTIONS");

  private final Pod pod;
  private final Origins origins;
  private final BooleanSupplier full;

  /**
   * @param full whether there are as many connections as there may be
   */
  PodAdmission(Pod pod, Origins origins, BooleanSupplier full) {
    this.pod = pod;
    this.origins = origins;
    this.full = full;
  }

  @Override
  public Denial check(HttpServerRequest request, boolean handshake) {
    if (!admits(request)) {
      return Denial.FORBIDDEN;
    }
    if (request.method().equals(HttpMethod.DELETE) && !PeerProof.isClaimed(request)) {
      return NOT_ALLOWED; // pods say by it that a way closes, and clients have no use for it
    }
    int retryAfterS = handshake ? retryAfterS() : 0;
    return retryAfterS > 0
        ? unavailable("too many new connections, or this pod is stopping", retryAfterS)
        : null;
  }

  @Override
  public Denial refusal(int status) {
    return switch (status) {
      case TOO_LARGE ->
        problem(status, new ChatException(ErrorCode.TOO_LARGE, "the body is over the limit"));
      case UNAVAILABLE -> unavailable("there is no room for this request now", 1);
      default -> Admission.super.refusal(status);
    };
  }

  private static Denial unavailable(String why, int retryAfterS) {
    return problem(
        UNAVAILABLE,
        new ChatException(ErrorCode.UNAVAILABLE, why),
        HttpHeaders.RETRY_AFTER.toString(),
        Integer.toString(retryAfterS));
  }

  private static Denial problem(int status, ChatException error, String... header) {
    Map<String, String> headers = new HashMap<>();
    headers.put(HttpHeaders.CONTENT_TYPE.toString(), ProblemJson.MEDIA_TYPE);
    if (header.length > 0) {
      headers.put(header[0], header[1]);
    }
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    return new Denial(status, headers, Buffer.buffer(ProblemJson.of(status, title, error)));
  }

  private int retryAfterS() {
    return full.getAsBoolean()
        ? pod.admissions().refuseFull()
        : pod.admissions().admit();
  }

  // A pod that passes a request on has looked, and sends no Origin: it adds the headers itself.
  private boolean admits(HttpServerRequest request) {
    return origins.admits(request.headers().getAll(HttpHeaders.ORIGIN), host(request));
  }

  // Over HTTP/2 there is no Host header.
  private static String host(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority == null ? null : authority.toString();
  }

  @Override
  public void addHeaders(HttpServerRequest request, MultiMap headers) {
    if (pod.isRefusing() && request.version() == HttpVersion.HTTP_1_1) {
      headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE); // what comes next belongs elsewhere
    }
    if (PeerProof.isClaimed(request) && request.response().getStatusCode() != OK) {
      // Pods share a connection for as long as there is no doubt about what passes over it.
      headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return;
    }
    headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    if (!admits(request)) {
      return;
    }
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    if (request.method().equals(HttpMethod.OPTIONS)) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
      headers.add(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
      headers.set(
          HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
          AskedHeaders.allowed(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)));
      headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_LIFETIME_S);
    }
  }
}
