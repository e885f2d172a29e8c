package dev.chatgateway.session;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;

/**
 * What a session sends: all of it is counted before it is written, and a client that is too slow is
 * closed. On the session's loop only.
 */
final class Sending {
  private final Session session;
  private final Outbound out;
  private final Sessions sessions;
  private Outlet outlet; // null until there is a large answer
  private boolean ended;

  Sending(Session session, Outbound out, Sessions sessions) {
    this.session = session;
    this.out = out;
    this.sessions = sessions;
  }

  void send(ServerEvent event) {
    if (keepsUp(Session.size(event))) {
      out.send(event);
    }
  }

  void sendClaimed(ServerEvent event) {
    if (!session.isClosed()) {
      out.send(event);
    }
  }

  void deliver(Broadcast broadcast) {
    if (session.isClosed() || session.isTokenOver()) {
      return;
    }
    if (broadcast.droppable() && pendingBytes() > sessions.maxPendingBytes() / 2) {
      if (keepsUp(0)) {
        sessions.metrics().droppedSlow(); // what only matters now goes first
      }
    } else if (keepsUp(Session.size(broadcast.event()))) {
      out.send(broadcast);
      sessions.metrics().delivered();
    }
  }

  /** Whether the client may be sent so many bytes more; one that is too slow is closed. */
  boolean keepsUp(int bytes) {
    if (!session.isClosed() && overflows(bytes)) {
      session.close(CloseCode.TOO_SLOW);
    }
    return !session.isClosed();
  }

  // One event may always go, however large.
  private boolean overflows(int bytes) {
    long pending = pendingBytes();
    long max = sessions.maxPendingBytes();
    return pending > max || (pending > 0 && pending + bytes > max);
  }

  boolean hasRoomFor(long bytes) {
    return pendingBytes() + bytes <= sessions.maxPendingBytes() / 2;
  }

  // What claimed its place waits for as long as it takes, and takes nothing from the rest.
  private long pendingBytes() {
    return out.pendingBytes() - (outlet == null ? 0 : outlet.leaving());
  }

  Outlet outlet() {
    if (outlet == null) {
      outlet = new Outlet(session, out, sessions.onDemand(), sessions.maxPendingBytes() / 4);
      if (ended) {
        outlet.close();
      }
    }
    return outlet;
  }

  /** The connection is gone. */
  void end() {
    ended = true;
    if (outlet != null) {
      outlet.close();
    }
  }
}
