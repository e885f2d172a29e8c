package dev.chatgateway.socketio;

import io.vertx.core.net.HostAndPort;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that this pod has passed on, as long as its answer, or its WebSocket, goes through. */
final class PassedOn {
  private final String sid;
  private final HostAndPort owner;
  private final boolean webSocket;
  private final AtomicBoolean taken = new AtomicBoolean();

  PassedOn(String sid, HostAndPort owner, boolean webSocket) {
    this.sid = sid;
    this.owner = owner;
    this.webSocket = webSocket;
  }

  HostAndPort owner() {
    return owner;
  }

  boolean webSocket() {
    return webSocket;
  }

  /** What asks the owner to let go of it. */
  String uri() {
    return "/socket.io/?EIO=4&transport=" + (webSocket ? "websocket" : "polling") + "&sid=" + sid;
  }

  /** Whether nobody has taken it upon them yet to ask the owner; the caller then has. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }
}
