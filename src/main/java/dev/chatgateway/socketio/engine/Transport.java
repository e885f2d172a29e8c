package dev.chatgateway.socketio.engine;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;

/**
 * What carries a session: polling at first or a WebSocket at once, maybe upgraded from the one to
 * the other. Whoever writes needs not know which, and what is written leaves in order, once per turn
 * of the loop. Owns the way out by polling, the WebSocket, and the one that is being probed. On the
 * session's loop only.
 */
final class Transport {
  private final EngineSession session;
  private final EngineOptions options;

  // One of them, as soon as the session is open.
  private Polling polling;
  private WebSocketGate webSocket;

  private Upgrade upgrade;
  private boolean unflushed;
  // What the client is told last, once nothing else is left and no upgrade is under way.
  private Runnable ending;

  Transport(EngineSession session, EngineOptions options) {
    this.session = session;
    this.options = options;
  }

  void openPolling() {
    polling = new Polling(session.eventLoop());
  }

  void openWebSocket(WebSocketGate gate) {
    webSocket = gate;
  }

  boolean isWebSocket() {
    return webSocket != null;
  }

  /** Whether it is that WebSocket that carries the session. */
  boolean isBy(WebSocketGate gate) {
    return gate == webSocket;
  }

  // --- out

  /** Writes a whole frame, which leaves at the end of the loop's turn; takes its reference. */
  void write(ByteBuf frame) {
    if (webSocket != null) {
      webSocket.write(frame);
    } else {
      polling.add(frame);
    }
    if (!unflushed) {
      unflushed = true;
      Flusher.soon(session.eventLoop(), this);
    }
  }

  /** Has leave what was written. */
  void flush() {
    unflushed = false;
    if (webSocket != null) {
      webSocket.flush();
    } else {
      polling.flush();
    }
  }

  /** Bytes that wait for the client to take them. */
  long pendingBytes() {
    return webSocket != null ? webSocket.pendingBytes() : polling.pendingBytes();
  }

  /** Runs the action when all that was written before has left, or can't leave any more. */
  void whenSent(Runnable action) {
    if (webSocket == null) {
      polling.whenSent(action);
      return;
    }
    webSocket.whenWritten(() -> onLoop(action));
    if (!unflushed) {
      unflushed = true;
      Flusher.soon(session.eventLoop(), this);
    }
  }

  private void onLoop(Runnable action) {
    if (session.eventLoop().inEventLoop()) {
      action.run();
    } else {
      session.eventLoop().execute(action);
    }
  }

  // --- polls, while polling

  boolean isPollWaiting() {
    return polling.isWaiting();
  }

  /** Answers the poll with what there is, or has it wait. */
  void poll(Exchange exchange) {
    polling.poll(exchange);
    if (polling.isQueued()) {
      polling.flush();
    }
    if (upgrade != null) {
      upgrade.polled();
    }
    endIfTaken();
  }

  /** The client went away from a request; whether that was the poll that waited. */
  boolean pollAborted(Exchange exchange) {
    return polling != null && polling.gone(exchange);
  }

  /** Answers the poll that waits, if one does, so that the client sends another. */
  void answerPoll() {
    if (polling != null) {
      polling.answer(Frames.NOOP);
    }
  }

  // --- end

  /** Closes a WebSocket with that code, after what was written; a poll is answered by the end. */
  void close(int wsCloseCode, String reason) {
    if (webSocket != null) {
      webSocket.close(wsCloseCode, reason);
    }
  }

  /**
   * Ends the session, while polling, once the client has taken what was written: with the poll after
   * that, or with the WebSocket of an upgrade under way, which is completed first. Clients handle a
   * close before the messages that come in the same answer, and so would not hear these.
   */
  void closeOnceTaken(Runnable end) {
    ending = end;
    polling.flush();
    endIfTaken();
  }

  private void endIfTaken() {
    if (ending != null && upgrade == null && (webSocket != null || polling.isIdle())) {
      Runnable end = ending;
      ending = null;
      end.run();
    }
  }

  /** Has the poll that waits answered with that packet last, or the next; whether one waited. */
  boolean answerLast(ByteBuf constantFrame) {
    polling.add(constantFrame.duplicate());
    return polling.flush();
  }

  /** Does that where no poll has come for so long. */
  void expireAfter(Duration wait, Runnable action) {
    polling.expireAfter(wait, action);
  }

  /** Lets go of everything but a WebSocket, which is closing. */
  void end() {
    ending = null;
    abandonUpgrade("session closed");
    if (polling != null) {
      polling.end();
    }
  }

  // --- upgrade

  /** Begins to move to that WebSocket; false where the session can't move now. */
  boolean startUpgrade(WebSocketGate gate) {
    if (webSocket != null || upgrade != null) {
      return false;
    }
    upgrade = new Upgrade(this, session.eventLoop(), gate, polling, options);
    return true;
  }

  /** A packet came through a WebSocket that doesn't carry the session, or not yet. */
  void receivedAside(WebSocketGate gate, Packet packet) {
    if (isUpgradeBy(gate)) {
      upgrade.received(packet);
    }
  }

  /** A WebSocket that doesn't carry the session is closing. */
  void lostAside(WebSocketGate gate, String reason) {
    if (isUpgradeBy(gate)) {
      abandonUpgrade(reason);
    }
  }

  private boolean isUpgradeBy(WebSocketGate gate) {
    return upgrade != null && upgrade.isBy(gate);
  }

  /** The probed WebSocket takes over. */
  void upgraded(WebSocketGate gate) {
    upgrade = null;
    webSocket = gate;
    List<Runnable> waiting = polling.moveTo(gate);
    polling.end();
    polling = null;
    waiting.forEach(this::whenSent);
    endIfTaken();
  }

  /** Stays on polling, if an upgrade is under way; its WebSocket is closed. */
  void abandonUpgrade(String reason) {
    if (upgrade != null) {
      Upgrade abandoned = upgrade;
      upgrade = null;
      abandoned.abandon(reason);
      endIfTaken();
    }
  }
}
