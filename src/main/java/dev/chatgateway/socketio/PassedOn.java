package dev.chatgateway.socketio;

import dev.chatgateway.presence.PeerAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that this pod has passed on, as long as its answer, or its WebSocket, goes through. */
final class PassedOn {
  private final String sid;
  private final PeerAddress owner;
  private final boolean webSocket;
  private final AtomicBoolean taken = new AtomicBoolean();

  PassedOn(String sid, PeerAddress owner, boolean webSocket) {
    this.sid = sid;
    this.owner = owner;
    this.webSocket = webSocket;
  }

  PeerAddress owner() {
    return owner;
  }

  boolean webSocket() {
    return webSocket;
  }

  /** What asks the owner to let go of it. */
  String uri() {
    return uri(webSocket ? "websocket" : "polling", sid);
  }

  /** Returns the URI of a session's requests, of which nothing but that is a client's. */
  static String uri(String transport, String sid) {
    return "/socket.io/?EIO=4&transport=" + transport + "&sid=" + sid;
  }

  /** Whether nobody has taken it upon them yet to ask the owner; the caller then has. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }
}
