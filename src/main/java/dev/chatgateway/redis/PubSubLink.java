package dev.chatgateway.redis;

import dev.chatgateway.logging.LogThrottle;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * What a pod is subscribed to: the channels of tickets, each at the server that has its slot, and the
 * pod's own channels at any one server. With a single Redis that is one connection, with a cluster
 * one to each primary. All methods must be called on its loop.
 */
public final class PubSubLink {
  private static final Logger LOG = Logger.getLogger(PubSubLink.class);
  private static final LogThrottle DEFECTS = new LogThrottle(Duration.ofSeconds(1));
  private static final long RECONCILE_MS = 100;

  /** What the owner of the link hears, on the link's loop. */
  public interface Listener {
    /** The pod's own channels are heard, perhaps after a time in which they were not. */
    void up();

    /** Whatever is not acknowledged should be subscribed now: a server can be that could not. */
    void subscribable();

    /** Those channels are no longer heard, and messages are lost. */
    void down(Predicate<String> channels);

    /** The server acknowledged a subscription. */
    void subscribed(String channel);

    /** A message. */
    void message(String channel, byte[] payload);
  }

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisLinks links;
  private final RedisLink commands;
  private final String probeChannel;
  private final List<String> ownChannels;
  private final Listener listener;
  private final ClusterWatch cluster; // null where one server has all
  private final Map<ServerAddress, NodePubSub> nodes = new HashMap<>();
  private final Map<String, NodePubSub> places = new HashMap<>(); // of a cluster's channels
  private NodePubSub single;
  private ClusterView view;
  private NodePubSub home; // where the pod's own channels are
  private boolean ownHeard;
  private boolean retrying;

  PubSubLink(
      RedisLinks links,
      Context context,
      RedisLink commands,
      String probeChannel,
      List<String> ownChannels,
      Listener listener) {
    this.vertx = links.vertx();
    this.context = (ContextInternal) context;
    this.links = links;
    this.commands = commands;
    this.probeChannel = probeChannel;
    this.ownChannels = ownChannels;
    this.listener = listener;
    this.cluster = links.cluster();
  }

  /** Starts connecting, and keeps at it. */
  public void start() {
    context.runOnContext(started -> {
      if (cluster == null) {
        single = new NodePubSub(
            links, context, links.primary(), () -> (NodeLink) commands, probeChannel, this);
        single.start();
      } else {
        vertx.setPeriodic(RECONCILE_MS, due -> reconcile());
      }
    });
  }

  /** Whether all that is subscribed is heard, as far as anybody can tell. */
  public boolean isUp() {
    boolean all = cluster == null
        ? single != null && single.isReady()
        : view != null && nodes.values().stream().allMatch(NodePubSub::isReady);
    return all && ownHeard;
  }

  /**
   * Subscribes; each is acknowledged to the listener. Those whose server can't be reached have to be
   * asked for again when something is {@link Listener#subscribable()}.
   */
  public void subscribe(Collection<String> channels) {
    if (cluster == null) {
      if (single != null) {
        single.subscribe(channels);
      }
      return;
    }
    Map<NodePubSub, List<String>> byNode = new HashMap<>();
    for (String channel : channels) {
      NodePubSub node = view == null ? null : owner(channel);
      if (node != null && node.isReady()) {
        places.put(channel, node);
        byNode.computeIfAbsent(node, first -> new ArrayList<>()).add(channel);
      }
    }
    byNode.forEach(NodePubSub::subscribeBySlot);
  }

  public void unsubscribe(Collection<String> channels) {
    if (cluster == null) {
      single.unsubscribe(channels);
      return;
    }
    for (String channel : channels) {
      NodePubSub node = places.remove(channel);
      if (node != null) {
        node.unsubscribe(List.of(channel));
      }
    }
  }

  private NodePubSub owner(String channel) {
    return nodes.get(view.owner(ClusterView.slotOf(channel)));
  }

  // --- the nodes of a cluster

  private void reconcile() {
    ClusterView now = cluster.view();
    if (now == view) {
      return;
    }
    view = now;
    for (ServerAddress address : List.copyOf(nodes.keySet())) {
      if (!now.primaries().contains(address)) {
        nodes.remove(address).close();
      }
    }
    for (ServerAddress address : now.primaries()) {
      nodes.computeIfAbsent(address, this::node);
    }
    Set<String> moved = new HashSet<>();
    places.forEach((channel, node) -> {
      if (owner(channel) != node) {
        moved.add(channel);
      }
    });
    moved.forEach(channel -> places.remove(channel).unsubscribe(List.of(channel)));
    if (!moved.isEmpty()) {
      listener.down(moved::contains);
    }
    listener.subscribable();
  }

  private NodePubSub node(ServerAddress address) {
    NodePubSub node = new NodePubSub(
        links,
        context,
        links.nodeOfCluster(address),
        () -> ((ClusterLink) commands).node(address),
        probeChannel + ":" + address, // what one node is told, all others publish, too
        this);
    node.start();
    return node;
  }

  // --- what the nodes tell

  void ready(NodePubSub node) {
    if (home == null) {
      home = node;
      node.subscribePlainly(ownChannels);
    }
    listener.subscribable();
  }

  void lost(NodePubSub node, String why) {
    if (!links.isEnding()) {
      LOG.warnf("No longer hearing Redis (%s); reconnecting, then reading what was missed", why);
    }
    if (cluster == null) {
      listener.down(all -> true);
    } else {
      Set<String> here = new HashSet<>();
      places.forEach((channel, place) -> {
        if (place == node) {
          here.add(channel);
        }
      });
      places.keySet().removeAll(here);
      listener.down(here::contains);
    }
    if (home == node) {
      home = null;
      ownHeard = false;
      nodes.values().stream().filter(NodePubSub::isReady).findAny().ifPresent(this::ready);
    }
  }

  void acknowledged(NodePubSub node, String channel) {
    if (!ownChannels.contains(channel)) {
      // One that was given up and wanted again at once has lost its place to the answer to the
      // former, and is subscribed once more: it must have a place for its end to be noticed.
      if (cluster == null || places.get(channel) == node) {
        listener.subscribed(channel);
      }
    } else if (node == home && channel.equals(ownChannels.get(ownChannels.size() - 1))) {
      ownHeard = true;
      listener.up();
    }
  }

  /** A subscription has ended: asked for, or because the channel's slot has gone elsewhere. */
  void unsubscribed(NodePubSub node, String channel) {
    if (cluster != null && places.remove(channel, node)) {
      listener.down(channel::equals);
      retrySoon();
    }
  }

  /** Some subscription was refused for being no longer this node's, or for the time being. */
  void elsewhere() {
    retrySoon();
  }

  void message(String channel, byte[] payload) {
    try {
      listener.message(channel, payload);
    } catch (RuntimeException e) {
      if (DEFECTS.admits()) {
        LOG.errorf(e, "Handling a message of channel %s failed", channel);
      }
    }
  }

  private void retrySoon() {
    if (cluster != null) {
      cluster.doubted();
    }
    if (!retrying) {
      retrying = true;
      context.nettyEventLoop().schedule(this::retry, RECONCILE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void retry() {
    retrying = false;
    listener.subscribable();
  }
}
