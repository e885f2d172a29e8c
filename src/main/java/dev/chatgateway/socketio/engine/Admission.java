package dev.chatgateway.socketio.engine;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Decides who may come in, before anything else is done with a request. On the request's loop. */
public interface Admission {
  /** Lets everybody in, and answers no page of another origin. */
  Admission ALL = new Admission() {};

  /**
   * Looks at a request without consuming it.
   *
   * @param handshake whether it would open a session; else it belongs to one, or is a preflight
   * @return why it is refused, or null where it may go on
   */
  default Denial check(HttpServerRequest request, boolean handshake) {
    return null;
  }

  /** Adds headers, those of CORS above all, to a response: a refusal's and a preflight's too. */
  default void addHeaders(HttpServerRequest request, MultiMap headers) {}

  /** Returns how a request is refused with a status that the protocol has no error for. */
  default Denial refusal(int status) {
    return new Denial(status, Map.of(), Buffer.buffer());
  }

  /**
   * How a request is refused; 403 has the protocol's error 4 for a body.
   *
   * @param headers added to the response
   */
  record Denial(int status, Map<String, String> headers, Buffer body) {
    public static final Denial FORBIDDEN = new Denial(403, Map.of(), Buffer.buffer());
  }
}
