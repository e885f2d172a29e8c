package dev.chatgateway.presence;

import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.session.Loop;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Extends the pod's lease on a thread and a connection of its own, where no client's command can hold
 * it up. Takes no lease and tells nothing but whether the one that is held still holds.
 */
final class Pulse {
  private static final Logger LOG = Logger.getLogger(Pulse.class);
  private static final LuaScript EXTEND = LuaScript.load("presence/extend");
  // What is stored under the lease must have reached Redis before the others take it for lost.
  private static final int MARGIN_FRACTION = 8;

  private final Loop loop;
  private final Keys keys;
  private final PresenceConfig config;
  private final AtomicReference<Held> held =
      new AtomicReference<>(new Held(null, System.nanoTime()));
  private Runnable onGoodAgain = () -> {};
  private Runnable onLost = () -> {};
  private boolean extending;
  private volatile boolean closed;

  /**
   * @param loop that of the thread of its own
   */
  Pulse(Loop loop, Keys keys, PresenceConfig config) {
    this.loop = loop;
    this.keys = keys;
    this.config = config;
  }

  /** An incarnation, null for none, and until when its lease is good. */
  private record Held(String incarnation, long goodUntilNanos) {
    boolean isGood() {
      return System.nanoTime() - goodUntilNanos < 0;
    }

    boolean isOf(String other) {
      return Objects.equals(incarnation, other);
    }

    boolean outlasts(Held other) {
      return isOf(other.incarnation) && goodUntilNanos - other.goodUntilNanos > 0;
    }
  }

  /**
   * Begins to extend what is held.
   *
   * @param goodAgain hears, on the thread, when a lease holds again that had run out
   * @param lost hears, on the thread and each time anew, when the incarnation holds no lease
   */
  void start(Runnable goodAgain, Runnable lost) {
    onGoodAgain = goodAgain;
    onLost = lost;
    loop.every(config.heartbeat().toMillis(), this::extend);
  }

  void close() {
    closed = true;
  }

  /** Whether the lease holds, by this machine's clock. From any thread. */
  boolean isGood() {
    return held.get().isGood();
  }

  /** The store has granted or extended the lease by what was sent then. On the main loop. */
  void granted(String incarnation, long sentNanos) {
    Held granted = new Held(incarnation, goodUntil(sentNanos));
    held.updateAndGet(now -> now.outlasts(granted) ? now : granted);
  }

  private long goodUntil(long sentNanos) {
    return sentNanos + config.lease().toNanos() / MARGIN_FRACTION * (MARGIN_FRACTION - 1);
  }

  /** The pod has given its incarnation up, and holds none. On the main loop. */
  void givenUp() {
    held.set(new Held(null, System.nanoTime()));
  }

  /** Extends the lease at once if it has run out. From any thread. */
  void extendIfOver() {
    loop.run(() -> {
      if (!isGood()) {
        extend();
      }
    });
  }

  private void extend() {
    String incarnation = held.get().incarnation();
    if (closed || extending || incarnation == null || !loop.redis().isUp(keys.shared("leases"))) {
      return;
    }
    extending = true;
    long sentNanos = System.nanoTime();
    EXTEND
        .call(
            loop.redis(),
            List.of(keys.shared("leases")),
            incarnation,
            config.lease().toMillis())
        .onComplete(done -> {
          extending = false;
          if (done.succeeded()) {
            extended(incarnation, done.result().number() == 1, sentNanos);
          } else {
            LOG.debugf("Extending the lease failed: %s", done.cause().getMessage());
          }
        });
  }

  private void extended(String incarnation, boolean holds, long sentNanos) {
    boolean wasGood = isGood();
    Held then = new Held(incarnation, holds ? goodUntil(sentNanos) : System.nanoTime());
    // Of an incarnation that was given up meanwhile nothing is to be known.
    Held now = held.updateAndGet(
        before -> !before.isOf(incarnation) || (holds && before.outlasts(then)) ? before : then);
    if (!now.isOf(incarnation)) {
      return;
    }
    if (!holds) {
      onLost.run();
    } else if (!wasGood) {
      onGoodAgain.run();
    }
  }
}
