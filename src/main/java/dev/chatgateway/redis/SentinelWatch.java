package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Knows which server is the primary, by asking the Sentinels again and again, and at once when one of
 * them announces a change or a connection is lost. They can be told late, or be cut off and never
 * learn: the answer with the newest configuration epoch counts, and an older one than was known only
 * if most of the Sentinels answer.
 */
final class SentinelWatch implements Target {
  private static final Logger LOG = Logger.getLogger(SentinelWatch.class);
  private static final Command SENTINEL = Command.create("sentinel");
  private static final String CHANGES = "+switch-master";

  private final Vertx vertx;
  private final Context context;
  private final RedisLinks links;
  private final Endpoints endpoints;
  private final String name;
  private final List<Sentinel> sentinels = new ArrayList<>();
  private long knownEpoch = -1;
  private volatile ServerAddress primary;

  /**
   * @param name what the Sentinels call the primary and its replicas
   */
  SentinelWatch(RedisLinks links, Endpoints endpoints, String name) {
    this.vertx = links.vertx();
    this.context = vertx.getOrCreateContext();
    this.links = links;
    this.endpoints = endpoints;
    this.name = name;
  }

  /** Begins to ask. */
  void start() {
    RedisConfig config = links.config();
    for (String sentinel : endpoints.all()) {
      sentinels.add(new Sentinel(endpoints.toSentinel(
          sentinel,
          config.sentinelUser().orElse(null),
          config.sentinelPassword().orElse(null))));
    }
    vertx.setPeriodic(config.topologyInterval().toMillis(), due -> doubted());
  }

  @Override
  public RedisOptions options() {
    ServerAddress address = primary;
    return address == null ? null : endpoints.to(address);
  }

  @Override
  public boolean primaryOnly() {
    return true;
  }

  @Override
  public void doubted() {
    context.runOnContext(asking -> sentinels.forEach(Sentinel::ask));
  }

  private record Claim(ServerAddress primary, long epoch) {}

  private void judge() {
    List<Claim> claims = sentinels.stream()
        .map(sentinel -> sentinel.claim)
        .filter(Objects::nonNull)
        .toList();
    Claim best = claims.stream().max(Comparator.comparingLong(Claim::epoch)).orElse(null);
    boolean most = claims.size() * 2 > sentinels.size();
    if (best == null || (best.epoch() < knownEpoch && !most)) {
      return;
    }
    knownEpoch = best.epoch();
    if (!best.primary().equals(primary)) {
      if (primary == null) {
        LOG.infof("The primary of %s is %s", name, best.primary());
      } else {
        links.metrics().switched();
        LOG.warnf(
            "The primary of %s is no longer %s but %s; connecting there",
            name, primary, best.primary());
      }
      primary = best.primary();
    }
  }

  /** One of the Sentinels, and what it said last; nothing while it is out of reach. */
  private final class Sentinel {
    private final NodeLink link;
    private final Line changes;
    private boolean asking;
    private Claim claim;

    Sentinel(RedisOptions options) {
      Target target = new Target() {
        @Override
        public RedisOptions options() {
          return options;
        }

        @Override
        public boolean holdsData() {
          return false;
        }
      };
      link = new NodeLink(links, context, target);
      link.onUp(another -> ask());
      link.start();
      changes = new Line(
          links,
          context,
          target,
          connection -> {
            connection.handler(message -> doubted()); // what changed is asked, not believed
            listen();
          },
          lost -> {});
      context.runOnContext(started -> changes.connect());
    }

    private void listen() {
      changes.proved();
      int mine = changes.generation();
      changes
          .send(Request.cmd(Command.SUBSCRIBE).arg(CHANGES))
          .onFailure(e -> changes.lose(mine, String.valueOf(e.getMessage())));
    }

    void ask() {
      if (!link.isUp()) {
        claim = null;
        return;
      }
      if (asking) {
        return;
      }
      asking = true;
      var address =
          link.send(Request.cmd(SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(name));
      link.send(Request.cmd(SENTINEL).arg("MASTER").arg(name))
          .compose(master -> address.map(at -> claim(at, master)))
          .onComplete(done -> {
            asking = false;
            claim = done.succeeded() ? done.result() : null;
            if (done.failed()) {
              LOG.debugf("A Sentinel gave no answer: %s", done.cause().getMessage());
            }
            judge();
          });
    }

    private static Claim claim(Reply address, Reply master) {
      if (address.isNull()) {
        return null;
      }
      return new Claim(
          new ServerAddress(address.at(0).text(), (int) address.at(1).number()),
          Long.parseLong(master.field("config-epoch")));
    }
  }
}
