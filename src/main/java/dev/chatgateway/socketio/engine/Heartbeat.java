package dev.chatgateway.socketio.engine;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Asks a client for signs of life, and tells when it gives none. On the session's loop.
 *
 * <p>Deadlines follow from each other, not from when a timer happens to run, so that a request that
 * comes before a late timer finds the same.
 */
final class Heartbeat {
  private final EngineSession session;
  private final EventLoop loop;
  private final LongSupplier nanos;
  private final EngineOptions options;
  private ScheduledFuture<?> timer;
  private long timerDue;
  private long due;
  private boolean pinged;

  Heartbeat(EngineSession session, EventLoop loop, LongSupplier nanos, EngineOptions options) {
    this.session = session;
    this.loop = loop;
    this.nanos = nanos;
    this.options = options;
    heard();
  }

  /** The client gave a sign of life. */
  void heard() {
    pinged = false;
    due = nanos.getAsLong() + options.pingInterval().toNanos();
    arm();
  }

  /** Whether the client has missed its deadline. */
  boolean expired() {
    long deadline = pinged ? due : due + options.pingTimeout().toNanos();
    return nanos.getAsLong() - deadline >= 0;
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  // A timer that fires too early is armed anew then: cheaper than one for each sign of life.
  private void arm() {
    if (timer != null) {
      if (timerDue - due <= 0) {
        return;
      }
      timer.cancel(false);
    }
    timerDue = due;
    timer = loop.schedule(this::fired, due - nanos.getAsLong(), TimeUnit.NANOSECONDS);
  }

  private void fired() {
    timer = null;
    if (expired()) {
      session.timedOut();
      return;
    }
    if (!pinged && nanos.getAsLong() - due >= 0) {
      pinged = true;
      due += options.pingTimeout().toNanos();
      session.ping();
    }
    arm();
  }
}
