package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Knows which node of a cluster has which slot, by asking one node again and again, and at once when
 * somebody was sent elsewhere or lost a connection. A node that is silent, says that the cluster is
 * down, or knows an older epoch than was known (it may be cut off) is not believed, and the next one
 * is asked; unless none has been believed for long.
 */
final class ClusterWatch {
  private static final Logger LOG = Logger.getLogger(ClusterWatch.class);
  private static final long CREDULOUS_AFTER_NANOS = 15_000_000_000L;
  private static final long ASK_AGAIN_MS = 100;

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisLinks links;
  private final Endpoints endpoints;
  private final Set<ServerAddress> seeds = new LinkedHashSet<>();
  private final NodeLink scout;
  private volatile RedisOptions asked; // how to dial the node that is asked
  private volatile ClusterView view;
  private ServerAddress askedAddress;
  private long epoch = -1;
  private long lastBelievedNanos = System.nanoTime();
  private boolean asking;
  private boolean askAgain;

  ClusterWatch(RedisLinks links, Endpoints endpoints) {
    this.vertx = links.vertx();
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.links = links;
    this.endpoints = endpoints;
    endpoints.all().forEach(seed -> seeds.add(ServerAddress.of(seed)));
    ask(seeds.iterator().next());
    scout = new NodeLink(links, context, new Target() {
      @Override
      public RedisOptions options() {
        return asked;
      }

      @Override
      public boolean holdsData() {
        return false; // nothing is published here
      }

      @Override
      public void doubted() {
        askNext();
      }
    });
  }

  /** Begins to ask. */
  void start() {
    scout.onUp(another -> look());
    scout.start();
    vertx.setPeriodic(links.config().topologyInterval().toMillis(), due -> doubted());
  }

  /** What is known now; null where nothing is yet. The same object while nothing changes. */
  ClusterView view() {
    return view;
  }

  /** Asks at once: something is no longer as it was known. From any thread. */
  void doubted() {
    context.runOnContext(doubting -> look());
  }

  private void look() {
    if (!scout.isUp()) {
      return;
    }
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    ServerAddress node = askedAddress;
    Future<Reply> info = scout.send(Request.cmd(Command.CLUSTER).arg("INFO"));
    scout
        .send(Request.cmd(Command.CLUSTER).arg("SLOTS"))
        .compose(slots -> info.map(state -> new Answer(state.text(), new ClusterView(slots, node))))
        .onComplete(done -> {
          asking = false;
          if (done.failed() || !believes(done.result())) {
            LOG.debugf("Node %s is no help: %s", node, done.failed() ? done.cause() : "stale");
            askNext();
          }
          if (askAgain) {
            askAgain = false;
            context.nettyEventLoop().schedule(this::look, ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
          }
        });
  }

  private record Answer(String info, ClusterView view) {
    boolean isOk() {
      return info.contains("cluster_state:ok") && view.isComplete();
    }

    long epoch() {
      for (String line : info.split("\r?\n")) {
        if (line.startsWith("cluster_current_epoch:")) {
          return Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
        }
      }
      return 0;
    }
  }

  private boolean believes(Answer answer) {
    long now = System.nanoTime();
    boolean credulous = now - lastBelievedNanos > CREDULOUS_AFTER_NANOS;
    if (!credulous && (!answer.isOk() || answer.epoch() < epoch)) {
      return false;
    }
    lastBelievedNanos = now;
    epoch = answer.epoch();
    if (!answer.view().isSameAs(view)) {
      if (view == null) {
        LOG.infof("The cluster's primaries are %s", answer.view().primaries());
      } else {
        links.metrics().switched();
        LOG.infof(
            "Slots have moved; the cluster's primaries are %s", answer.view().primaries());
      }
      view = answer.view();
    }
    return true;
  }

  private void askNext() {
    Set<ServerAddress> nodes = new LinkedHashSet<>(view == null ? Set.of() : view.primaries());
    nodes.addAll(seeds);
    List<ServerAddress> all = new ArrayList<>(nodes);
    ask(all.get((all.indexOf(askedAddress) + 1) % all.size()));
  }

  // The scout sees that it is to be another node, and goes there.
  private void ask(ServerAddress node) {
    askedAddress = node;
    asked = endpoints.to(node);
  }
}
