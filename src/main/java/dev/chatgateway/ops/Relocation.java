package dev.chatgateway.ops;

import dev.chatgateway.presence.Lease;
import dev.chatgateway.presence.PodLoad;
import dev.chatgateway.session.Farewell;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Sessions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Makes connections of a pod that goes on reconnect: for balance, and for their age. */
public final class Relocation {
  private final RebalanceConfig config;
  private final Sessions sessions;
  private final Lease lease;
  private final BooleanSupplier stopping;
  private final Oldest oldest;
  private final Rebalance rebalance;
  private final Farewell forAge;
  private volatile boolean serving;

  /**
   * Before any session opens.
   *
   * @param stopping whether the pod is to be sent no more connections
   */
  public Relocation(
      RebalanceConfig config,
      Sessions sessions,
      Lease lease,
      BooleanSupplier stopping,
      MeterRegistry registry) {
    this.config = config;
    this.sessions = sessions;
    this.lease = lease;
    this.stopping = stopping;
    // In the other half they come back, and are counted where they are then.
    Duration half = config.interval().dividedBy(2);
    forAge = new Farewell("max_age", half);
    oldest = new Oldest(sessions);
    rebalance = new Rebalance(config, new Here(new Farewell("rebalance", half)), System::nanoTime);
    Gauge.builder("chat.rebalance.share", rebalance, Rebalance::share)
        .description("Connections this pod would have, were all spread evenly")
        .register(registry);
  }

  /** The doors are open: from now on this pod counts among those that take connections. */
  public void serving() {
    serving = true;
  }

  /** Begins to say what is here, to hear of the others, and to look. Before the lease starts. */
  public void start(Loop main) {
    lease.exchange(this::load, loads -> {
      if (config.enabled()) {
        rebalance.heard(lease.incarnation(), loads);
      }
    });
    config
        .maxAge()
        .map(AgeLimit::new)
        .ifPresent(limit -> main.every(config.interval().toMillis(), () -> sendAwayTheOld(limit)));
  }

  private PodLoad load() {
    return new PodLoad(sessions.count(), serving && !stopping.getAsBoolean());
  }

  private void sendAwayTheOld(AgeLimit limit) {
    if (!stopping.getAsBoolean()) {
      long now = System.nanoTime();
      oldest.sendAway(
          config.batch(),
          session -> limit.isReached(session.number(), session.openedNanos(), now),
          forAge);
    }
  }

  /** The connections of this pod, as rebalancing sees them. */
  private final class Here implements Rebalance.Connections {
    private final Farewell farewell;

    Here(Farewell farewell) {
      this.farewell = farewell;
    }

    @Override
    public int staying() {
      return Math.max(0, sessions.count() - oldest.leaving());
    }

    @Override
    public long newest() {
      return sessions.newest();
    }

    @Override
    public void sendAway(int count, long upTo) {
      oldest.sendAway(count, session -> session.number() <= upTo, farewell);
    }
  }
}
