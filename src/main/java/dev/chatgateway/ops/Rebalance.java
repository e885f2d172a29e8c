package dev.chatgateway.ops;

import dev.chatgateway.presence.PodLoad;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Brings a pod that has too many connections down to its share, after others have come: it asks its
 * oldest ones to reconnect, some at a time. A connection is moved at most once for each change in
 * which pods there are, so whatever a balancer does with those that come back, it ends. On the main
 * loop, but for {@link #share}.
 */
public final class Rebalance {
  private static final Logger LOG = Logger.getLogger(Rebalance.class);

  /** The connections of this pod. */
  interface Connections {
    /** How many there are, without those that have been asked to go. */
    int staying();

    /** The number of the one that came last: older ones have lower numbers. */
    long newest();

    /** Asks the oldest, so many, but only those up to that number, to reconnect elsewhere. */
    void sendAway(int count, long upTo);
  }

  private final RebalanceConfig config;
  private final Connections here;
  private final LongSupplier nanos;
  private final double tolerance;
  private Set<String> pods = Set.of();
  private long changedNanos;
  private long newestThen;
  private long lastNanos;
  private boolean moving;
  private int asked;
  private long connectionsThen;
  private volatile double share = Double.NaN;

  /**
   * @param nanos a clock as {@link System#nanoTime}
   */
  Rebalance(RebalanceConfig config, Connections here, LongSupplier nanos) {
    this.config = config;
    this.here = here;
    this.nanos = nanos;
    this.tolerance = config.tolerance() / 100.0;
    this.changedNanos = nanos.getAsLong();
    this.lastNanos = changedNanos;
  }

  /** What this pod's part of all connections would be; NaN as long as that is unknown. */
  public double share() {
    return share;
  }

  /**
   * The pods that are alive have said what they hold. One that says nothing has a version that
   * can't; its connections don't count, its coming and going does.
   *
   * @param own this pod's name among them
   */
  public void heard(String own, Map<String, Optional<PodLoad>> alive) {
    Set<String> accepting = alive.entrySet().stream()
        .filter(pod -> pod.getValue().map(PodLoad::accepting).orElse(true))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
    long now = nanos.getAsLong();
    if (!accepting.equals(pods)) {
      pods = accepting;
      changedNanos = now;
      newestThen = here.newest();
      moving = false;
      asked = 0;
    }
    FairShare fair = fairShare(own, alive);
    share = fair.share();
    if (pods.contains(own)
        && now - changedNanos >= config.settle().toNanos()
        && now - lastNanos >= config.interval().toNanos()) {
      lastNanos = now;
      if (areBack(fair)) {
        move(fair);
      } else {
        lastNanos += config.settle().toNanos();
      }
    }
  }

  // This pod knows its own number better than from what it said at its last heartbeat.
  private FairShare fairShare(String own, Map<String, Optional<PodLoad>> alive) {
    int known = 1;
    long connections = here.staying();
    for (String pod : pods) {
      Optional<PodLoad> load = alive.get(pod);
      if (load.isPresent() && !pod.equals(own)) {
        known++;
        connections += load.get().connections();
      }
    }
    return new FairShare(here.staying(), known, connections);
  }

  /**
   * Whether there are as many connections as before the last were asked to go. Where there are not,
   * clients get nowhere: to go on would only make the mean smaller, and this pod seem too full for
   * ever. Some may have gone for good, and a few of all always do.
   */
  private boolean areBack(FairShare fair) {
    long missing = connectionsThen - fair.connections();
    boolean back = missing <= asked / 2.0 + connectionsThen / 100.0;
    if (asked > 0 && !back) {
      LOG.warnf(
          "%d connections were asked to reconnect, %d are missing now: nobody else is asked for %d ms",
          asked, missing, config.settle().toMillis());
      asked = 0;
      return false;
    }
    asked = 0;
    return true;
  }

  private void move(FairShare fair) {
    boolean over = moving
        ? fair.isExceededBy(tolerance / 2)
        : fair.isExceededBy(tolerance) && fair.excess() >= config.minExcess();
    if (over != moving) {
      moving = over;
      LOG.infof(
          over
              ? "%d connections are here, the fair share is %d: asking the oldest to reconnect"
              : "%d connections are here, the fair share is %d: nobody else is asked to reconnect",
          fair.own(),
          Math.round(fair.share()));
    }
    if (over) {
      int count = Math.min(config.batch(), fair.toSendAway(tolerance / 2));
      if (count > 0) {
        asked = count;
        connectionsThen = fair.connections();
        here.sendAway(count, newestThen);
      }
    }
  }
}
