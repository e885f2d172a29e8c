package dev.chatgateway.socketio.engine;

import io.vertx.core.http.HttpServerRequest;

/** Passes requests of sessions that live elsewhere on to there. */
@FunctionalInterface
public interface Forwarder {
  /** Knows of no elsewhere. */
  Forwarder NONE = (request, sid, unknown) -> false;

  /**
   * Is asked for a polling request or an upgrade whose session is unknown here. Nothing of the
   * request is consumed yet; who wants to answer later has to pause it. On the request's loop.
   *
   * @param unknown answers the request as one of an unknown session, for who took it over and found
   *     its session nowhere; on the request's loop, where nothing of it is consumed yet
   * @return true where the request is taken over, false to have it answered as unknown
   */
  boolean forward(HttpServerRequest request, String sid, Runnable unknown);

  /**
   * Whether polls are no longer passed on, since this way is about to close: a poll of a session that
   * is unknown here is then answered soon, with nothing, and the next one is to take another way.
   */
  default boolean isClosing() {
    return false;
  }
}
