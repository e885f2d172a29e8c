package dev.chatgateway.socketio.engine;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket that a polling session may move to: it is probed, then takes over. Whatever goes wrong
 * ends the WebSocket, not the session. On the session's loop.
 */
final class Upgrade {
  // As the reference has it: at once, a client whose WebSocket is slow would poll without a pause.
  private static final long NOOP_DELAY_MS = 100;
  private static final int POLICY = 1008;
  private static final String PROBE = "probe";

  private final Transport transport;
  private final EventLoop loop;
  private final WebSocketGate gate;
  private final Polling polling;
  private final ScheduledFuture<?> deadline;
  private boolean probed;
  private ScheduledFuture<?> noop;

  Upgrade(
      Transport transport,
      EventLoop loop,
      WebSocketGate gate,
      Polling polling,
      EngineOptions options) {
    this.transport = transport;
    this.loop = loop;
    this.gate = gate;
    this.polling = polling;
    this.deadline = loop.schedule(
        () -> transport.abandonUpgrade("upgrade timeout"),
        options.upgradeTimeout().toNanos(),
        TimeUnit.NANOSECONDS);
  }

  boolean isBy(WebSocketGate other) {
    return gate == other;
  }

  void received(Packet packet) {
    if (packet.type() == PacketType.PING && PROBE.equals(packet.text())) {
      probed = true;
      gate.write(Frames.text(PacketType.PONG, PROBE));
      gate.flush();
      polling.answer(Frames.NOOP);
    } else if (packet.type() == PacketType.UPGRADE) {
      stop();
      transport.upgraded(gate);
    } else {
      transport.abandonUpgrade("neither probe nor upgrade");
    }
  }

  /** A poll has come: it must not keep the client from completing the upgrade. */
  void polled() {
    if (probed && noop == null) {
      noop = loop.schedule(
          () -> {
            noop = null;
            polling.answer(Frames.NOOP);
          },
          NOOP_DELAY_MS,
          TimeUnit.MILLISECONDS);
    }
  }

  void abandon(String reason) {
    stop();
    gate.close(POLICY, reason);
  }

  private void stop() {
    deadline.cancel(false);
    if (noop != null) {
      noop.cancel(false);
    }
  }
}
