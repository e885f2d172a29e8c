package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An event loop's way to a cluster: a connection to each primary, and each command to the one that
 * has its key. One primary's failure is its slots' only, which the client library's own cluster
 * connection cannot offer: it connects to all or fails. Follows redirections, and tries again for a
 * while what a slot's migration keeps from being done. All methods must be called on its loop.
 */
final class ClusterLink extends RedisLink {
  private static final int MAX_REDIRECTIONS = 5;
  private static final long RECONCILE_MS = 100;
  private static final long TRY_AGAIN_MS = 50;

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisLinks links;
  private final ClusterWatch watch;
  private final Map<ServerAddress, NodeLink> nodes = new HashMap<>();
  private ClusterView view;
  private Up onUp = another -> {};

  ClusterLink(RedisLinks links, Context context, ClusterWatch watch) {
    this.vertx = links.vertx();
    this.context = (ContextInternal) context;
    this.links = links;
    this.watch = watch;
  }

  /** Starts connecting, and keeps at it. */
  void start() {
    context.runOnContext(started -> vertx.setPeriodic(RECONCILE_MS, due -> reconcile()));
  }

  /** The link to that node; null where the node is none of the primaries. */
  NodeLink node(ServerAddress address) {
    return nodes.get(address);
  }

  private void reconcile() {
    ClusterView now = watch.view();
    if (now == view) {
      return;
    }
    boolean first = view == null;
    view = now;
    nodes.entrySet().removeIf(node -> {
      boolean gone = !now.primaries().contains(node.getKey());
      if (gone) {
        node.getValue().close();
      }
      return gone;
    });
    now.primaries().forEach(address -> nodeAt(address, !first));
  }

  /**
   * Connects to that node, where there is no link to it.
   *
   * @param promoted whether it has become a primary while there were others
   */
  private void nodeAt(ServerAddress address, boolean promoted) {
    nodes.computeIfAbsent(address, there -> {
      NodeLink link = new NodeLink(links, context, links.nodeOfCluster(there));
      link.onUp(new Up() {
        private boolean another = promoted;

        @Override
        public void up(boolean ignored) {
          onUp.up(another);
          another = false;
        }
      });
      link.start();
      return link;
    });
  }

  @Override
  public List<Integer> witnesses() {
    return view == null ? List.of() : view.witnesses();
  }

  @Override
  public void onUp(Up listener) {
    onUp = listener;
  }

  @Override
  public boolean isUp() {
    return view != null && nodes.values().stream().allMatch(NodeLink::isUp);
  }

  @Override
  public boolean isUp(String key) {
    NodeLink node = owner(key);
    return node != null && node.isUp();
  }

  @Override
  String publishing(String key) {
    NodeLink node = owner(key);
    return node == null ? "PUBLISH" : node.publishing(key);
  }

  @Override
  Future<Reply> send(String key, Request request, boolean durable) {
    return new Attempt(key, request, durable).begin();
  }

  private NodeLink owner(String key) {
    if (view == null) {
      reconcile();
      if (view == null) {
        return null;
      }
    }
    return nodes.get(view.owner(ClusterView.slotOf(key)));
  }

  /** A command on its way to whoever answers it. */
  private final class Attempt {
    private final String key;
    private final Request request;
    private final boolean durable;
    private final long sinceNanos = System.nanoTime();
    private final Promise<Reply> promise = Promise.promise();
    private int redirections;

    Attempt(String key, Request request, boolean durable) {
      this.key = key;
      this.request = request;
      this.durable = durable;
    }

    Future<Reply> begin() {
      NodeLink owner = owner(key);
      if (owner == null) {
        watch.doubted();
        promise.fail(new RedisUnavailableException("no server is known to have the key"));
      } else {
        settle(owner.send(key, request, durable));
      }
      return promise.future();
    }

    private void settle(Future<Reply> reply) {
      reply.onComplete(done -> {
        if (done.succeeded()) {
          promise.complete(done.result());
        } else if (done.cause() instanceof RedisErrorException error) {
          refused(error);
        } else {
          promise.fail(done.cause());
        }
      });
    }

    private void refused(RedisErrorException error) {
      switch (error.code()) {
        case "MOVED", "ASK" -> redirected(error);
        case "TRYAGAIN" -> againLater(error);
        case "CLUSTERDOWN" -> {
          watch.doubted();
          promise.fail(error);
        }
        default -> promise.fail(error);
      }
    }

    private void redirected(RedisErrorException error) {
      links.metrics().redirected();
      ServerAddress there = error.redirect();
      boolean moved = error.code().equals("MOVED");
      if (moved) {
        watch.doubted();
      }
      NodeLink node = there == null ? null : nodes.get(there);
      if (node == null || !node.isUp()) {
        againLater(error); // a server that is only being connected to
      } else if (++redirections > MAX_REDIRECTIONS) {
        promise.fail(error);
      } else if (moved) {
        settle(node.send(key, request, durable));
      } else {
        settle(node.sendAsking(request, durable));
      }
    }

    private void againLater(RedisErrorException error) {
      if (System.nanoTime() - sinceNanos > links.config().commandTimeout().toNanos()) {
        promise.fail(error);
      } else {
        context.nettyEventLoop().schedule(this::begin, TRY_AGAIN_MS, TimeUnit.MILLISECONDS);
      }
    }
  }
}
