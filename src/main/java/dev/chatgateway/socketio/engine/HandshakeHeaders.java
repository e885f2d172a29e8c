package dev.chatgateway.socketio.engine;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * What is kept of the request that opened a session.
 *
 * @param authorization its Authorization header, or null
 * @param origin its Origin header, or null
 */
public record HandshakeHeaders(String authorization, String origin) {
  static final HandshakeHeaders NONE = new HandshakeHeaders(null, null);

  static HandshakeHeaders of(HttpServerRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return authorization == null && origin == null
        ? NONE
        : new HandshakeHeaders(authorization, origin);
  }
}
