package dev.chatgateway.ops;

import dev.chatgateway.presence.Lease;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.relay.Relay;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Sessions;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Watches whether the pod can use its store, that is reaches it and may write there, and tells its
 * clients when that changes.
 */
public final class StoreHealth {
  private static final Logger LOG = Logger.getLogger(StoreHealth.class);
  private static final long LOOK_EVERY_MS = 200;
  private static final long WRITE_EVERY_MS = 500;
  // A connection that is replaced at once is nobody's business.
  private static final long TOLERATED_NANOS = TimeUnit.SECONDS.toNanos(1);
  // Connecting for the first time takes its time, in which nobody is there to be told.
  private static final long STARTING_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long REMIND_EVERY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Loops loops;
  private final Relay relay;
  private final Lease lease;
  private final Sessions sessions;
  private final WriteProbe writes;
  private long lastGoodNanos = System.nanoTime();
  private String logged = ""; // the word of the refusal that was logged last
  private long loggedNanos;
  private volatile boolean started;
  private volatile String refusedWith = "";

  public StoreHealth(Loops loops, Keys keys, Relay relay, Lease lease, Sessions sessions) {
    this.loops = loops;
    this.relay = relay;
    this.lease = lease;
    this.sessions = sessions;
    this.writes = new WriteProbe(loops.main(), keys);
  }

  /** Begins to watch. */
  public void start() {
    loops.main().every(WRITE_EVERY_MS, writes::write);
    loops.main().every(LOOK_EVERY_MS, this::look);
  }

  /** Whether the pod has been able to use its store since it started; then it can serve. */
  public boolean isStarted() {
    return started;
  }

  /** Whether the pod can't use its store now. */
  public boolean isDegraded() {
    return sessions.isDegraded();
  }

  /** Returns Redis's word for why it refuses writes, such as {@code OOM}; "" if it doesn't. */
  public String refusedWith() {
    return refusedWith;
  }

  /** Returns why clients are told that the pod is degraded. */
  public String reason() {
    return refusedWith.isEmpty() ? "store_unreachable" : "store_refuses_writes";
  }

  private void look() {
    boolean reached = relay.isUp() && lease.isRegistered();
    for (Loop loop : loops.all()) {
      reached &= loop.redis().isUp();
    }
    WriteProbe.Refusal refusal = writes.refusal();
    refusedWith = refusal == null ? "" : refusal.word();
    long now = System.nanoTime();
    if (reached && refusal == null) {
      lastGoodNanos = now;
      started = true;
      if (sessions.isDegraded()) {
        tell(false, "store_reachable");
        LOG.info("Redis is back");
      }
      return;
    }
    long tolerated = started ? TOLERATED_NANOS : STARTING_NANOS;
    boolean atOnce = refusal != null && !refusal.isPassing();
    if (!sessions.isDegraded() && (atOnce || now - lastGoodNanos > tolerated)) {
      tell(true, reason());
      if (refusal == null) {
        LOG.warn("Redis is out of reach: connections stay, messages are refused until it is back");
      }
      logged = "";
    }
    if (sessions.isDegraded() && refusal != null) {
      log(refusal, now);
    }
  }

  private void log(WriteProbe.Refusal refusal, long now) {
    if (!refusal.word().equals(logged) || now - loggedNanos > REMIND_EVERY_NANOS) {
      logged = refusal.word();
      loggedNanos = now;
      LOG.warnf(
          "Redis refuses writes: connections stay, messages are refused until it takes them. It"
              + " says: %s",
          refusal.text());
    }
  }

  private void tell(boolean degraded, String reason) {
    sessions.setDegraded(degraded);
    sessions.forEach(session -> session.send(ServerEvents.health(degraded, reason)));
  }
}
