package dev.chatgateway.ops;

import dev.chatgateway.presence.Lease;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.relay.Relay;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Sessions;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Watches whether the pod reaches its store, and tells its clients when that changes. */
public final class StoreHealth {
  private static final Logger LOG = Logger.getLogger(StoreHealth.class);
  private static final long LOOK_EVERY_MS = 200;
  // A connection that is replaced at once is nobody's business.
  private static final long TOLERATED_NANOS = TimeUnit.SECONDS.toNanos(1);
  // Connecting for the first time takes its time, in which nobody is there to be told.
  private static final long STARTING_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Loops loops;
  private final Relay relay;
  private final Lease lease;
  private final Sessions sessions;
  private long lastGoodNanos = System.nanoTime();
  private volatile boolean started;

  public StoreHealth(Loops loops, Relay relay, Lease lease, Sessions sessions) {
    this.loops = loops;
    this.relay = relay;
    this.lease = lease;
    this.sessions = sessions;
  }

  /** Begins to watch. */
  public void start() {
    loops.main().every(LOOK_EVERY_MS, this::look);
  }

  /** Whether the pod has reached its store since it started; then it can serve. */
  public boolean isStarted() {
    return started;
  }

  /** Whether the pod is cut off from its store now. */
  public boolean isDegraded() {
    return sessions.isDegraded();
  }

  private void look() {
    boolean good = relay.isUp() && lease.isRegistered();
    for (Loop loop : loops.all()) {
      good &= loop.redis().isUp();
    }
    long now = System.nanoTime();
    if (good) {
      lastGoodNanos = now;
      started = true;
      if (sessions.isDegraded()) {
        tell(false);
      }
    } else if (!sessions.isDegraded()
        && now - lastGoodNanos > (started ? TOLERATED_NANOS : STARTING_NANOS)) {
      tell(true);
    }
  }

  private void tell(boolean degraded) {
    sessions.setDegraded(degraded);
    if (degraded) {
      LOG.warn("Redis is out of reach: connections stay, messages are refused until it is back");
    } else {
      LOG.info("Redis is back");
    }
    String reason = degraded ? "store_unreachable" : "store_reachable";
    sessions.forEach(session -> session.send(ServerEvents.health(degraded, reason)));
  }
}
