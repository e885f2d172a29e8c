package dev.chatgateway.presence;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.redis.ExpiringValues;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.SetCommands;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * What each pod that is alive says of itself, as a short text that it renews with every heartbeat.
 * What the text means is for others to know, and whether to believe it: anybody who may write in
 * Redis may have written it. On the main loop only.
 *
 * <p>Key: {@code {i:<incarnation>}:report}, that text; lives as long as a lease after the pod's last
 * heartbeat. A key of its own for each pod, as a field of a hash would outlive its pod.
 */
public final class PodReports {
  /** Longest report, in bytes; what is longer is read by nobody. */
  public static final int MAX_BYTES = 4096;

  private static final Logger LOG = Logger.getLogger(PodReports.class);
  private static final int MAX_PODS = 1000;
  private static final Pattern INCARNATION = Pattern.compile("[0-9a-v]{8}");

  private final Loop main;
  private final Keys keys;
  private final Lease lease;
  private final PresenceConfig config;

  public PodReports(Loop main, Keys keys, Lease lease, PresenceConfig config) {
    this.main = main;
    this.keys = keys;
    this.lease = lease;
    this.config = config;
  }

  /** From now on the others can read that of this pod, made anew for every heartbeat. */
  public void publish(Supplier<String> report) {
    main.run(() -> beat(report));
    main.every(config.heartbeat().toMillis(), () -> beat(report));
  }

  // Without a lease, nobody would look for it.
  private void beat(Supplier<String> report) {
    String text = report.get(); // also where it can't be told: rates are taken over heartbeats
    String key = key(lease.incarnation());
    if (lease.isRegistered() && main.redis().isUp(key)) {
      ExpiringValues.put(main.redis(), key, text, config.lease())
          .onFailure(e -> LOG.debugf("Reporting failed: %s", e.getMessage()));
    }
  }

  /**
   * What the pods say that are alive, this one included; empty for one that has said nothing, or too
   * much. Of a thousand pods at most.
   *
   * @return fails where Redis can't be asked which pods there are
   */
  public Future<List<Optional<String>>> all() {
    String leases = keys.shared("leases");
    if (!main.redis().isUp(leases)) {
      return Future.failedFuture(ChatException.unavailable());
    }
    return SetCommands.above(main.redis(), leases, lease.nowMs(), MAX_PODS).compose(alive -> {
      List<Future<Optional<String>>> reports = new ArrayList<>();
      for (String incarnation : alive) {
        if (INCARNATION.matcher(incarnation).matches()) {
          reports.add(report(incarnation));
        }
      }
      return Future.all(reports).map(read -> read.<Optional<String>>list());
    });
  }

  // Its shard of a cluster may be away, or the key hold something else.
  private Future<Optional<String>> report(String incarnation) {
    return ExpiringValues.getAtMost(main.redis(), key(incarnation), MAX_BYTES + 1)
        .map(text -> text.filter(report -> report.length() <= MAX_BYTES))
        .otherwise(Optional.empty());
  }

  private String key(String incarnation) {
    return keys.incarnation(incarnation, "report");
  }
}
