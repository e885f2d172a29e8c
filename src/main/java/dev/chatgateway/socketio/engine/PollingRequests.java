package dev.chatgateway.socketio.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests of a session that polls: polls, and those with data. There may be one of each at a
 * time; a second one closes the session. Every one is answered here, but for a poll that waits. On
 * the session's loop, but for what says otherwise.
 */
final class PollingRequests {
  private final EngineSession session;
  private final Transport transport;
  private final AtomicBoolean posting = new AtomicBoolean();

  PollingRequests(EngineSession session, Transport transport) {
    this.session = session;
    this.transport = transport;
  }

  /** A poll has come. */
  void poll(Exchange exchange) {
    if (session.isOver()) {
      exchange.refuse(Refusal.UNKNOWN_SID);
      session.timedOut();
    } else if (transport.isWebSocket()) {
      exchange.refuse(Refusal.BAD_REQUEST);
    } else if (transport.isPollWaiting()) {
      overlap(exchange);
    } else {
      transport.poll(exchange);
      if (session.isLeft()) {
        session.end("closed");
      }
    }
  }

  /** The client went away from a poll. */
  void pollAborted(Exchange exchange) {
    if (transport.pollAborted(exchange)) {
      session.end("transport error");
    }
  }

  /** A second poll, or a second request with data, came before the first was answered. */
  void overlap(Exchange exchange) {
    exchange.status(Refusal.BAD_REQUEST.status());
    session.protocolError("overlapping requests");
  }

  /** Marks that a request with data is being read; false where another one is. From anywhere. */
  boolean beginPost() {
    return posting.compareAndSet(false, true);
  }

  /** Takes the packets of a request with data, which is answered then. */
  void posted(List<Packet> packets, Exchange exchange) {
    posting.set(false);
    if (!session.isOpen() && !session.isClosing()) {
      exchange.refuse(Refusal.UNKNOWN_SID);
    } else if (transport.isWebSocket()) {
      exchange.refuse(Refusal.BAD_REQUEST);
    } else {
      for (Packet packet : packets) {
        if (session.isTooLong(packet)) {
          session.protocolError("too long before authentication");
          exchange.refuse(413);
          return;
        }
        session.received(packet);
      }
      exchange.posted();
    }
  }

  /** A request with data could not be read; the session can't go on without what was in it. */
  void badPost(String reason) {
    posting.set(false);
    session.protocolError(reason);
  }
}
