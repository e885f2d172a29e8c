package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Makes the connections of a pod to its Redis, be that one server, a primary that Sentinels watch,
 * or a cluster: a way for commands for each event loop, and one for subscriptions.
 */
public final class RedisLinks {
  private static final Logger LOG = Logger.getLogger(RedisLinks.class);
  private static final long TELL_EVERY_NANOS = 10_000_000_000L;

  private final AtomicLong nextFailureNanos = new AtomicLong(System.nanoTime());
  private final Vertx vertx;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Keys keys;
  private final Endpoints endpoints;
  private final Target primary; // null in a cluster
  private final ClusterWatch cluster; // null elsewhere
  private volatile boolean ending;

  public RedisLinks(
      Vertx vertx, RedisOptions configured, RedisConfig config, RedisMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
    this.keys = new Keys(config.keyPrefix());
    this.endpoints = new Endpoints(configured);
    RedisClientType type = configured.getType();
    switch (type) {
      case STANDALONE -> {
        primary = Target.fixed(endpoints.first());
        cluster = null;
      }
      case SENTINEL -> {
        SentinelWatch watch = new SentinelWatch(this, endpoints, configured.getMasterName());
        watch.start();
        primary = watch;
        cluster = null;
      }
      case CLUSTER -> {
        primary = null;
        cluster = new ClusterWatch(this, endpoints);
        cluster.start();
      }
      default ->
        throw new IllegalArgumentException(
            "quarkus.redis.client-type can be standalone, sentinel or" + " cluster, and not "
                + type.name().toLowerCase(Locale.ROOT));
    }
  }

  /** A started way for commands from the loop of that context. */
  public RedisLink commands(Context context) {
    if (cluster == null) {
      NodeLink link = new NodeLink(this, context, primary);
      link.start();
      return link;
    }
    ClusterLink link = new ClusterLink(this, context, cluster);
    link.start();
    return link;
  }

  /**
   * A way for subscriptions, not yet started.
   *
   * @param commands the way for commands from the same loop, which it probes itself through
   * @param podChannel the pod's own channel
   * @param otherChannels what else it is always subscribed to
   */
  public PubSubLink pubSub(
      Context context,
      RedisLink commands,
      String podChannel,
      List<String> otherChannels,
      PubSubLink.Listener listener) {
    List<String> own = new ArrayList<>(otherChannels);
    own.add(podChannel);
    return new PubSubLink(this, context, commands, podChannel + ":probe", own, listener);
  }

  public Keys keys() {
    return keys;
  }

  /** The pod ends: connections that end from now on are neither made anew nor missed. */
  public void end() {
    ending = true;
  }

  /** Whether the pod ends, and Vert.x closes what there is. */
  boolean isEnding() {
    return ending;
  }

  /** Where the one server is that has all keys; null in a cluster. */
  Target primary() {
    return primary;
  }

  /** What is known of the cluster; null where there is none. */
  ClusterWatch cluster() {
    return cluster;
  }

  /** One node of the cluster. */
  Target nodeOfCluster(ServerAddress address) {
    RedisOptions options = endpoints.to(address);
    return new Target() {
      @Override
      public RedisOptions options() {
        return options;
      }

      @Override
      public void doubted() {
        cluster.doubted();
      }
    };
  }

  /** Logs why connecting failed, once in a while: there are many lines, and each tries often. */
  void tellOfFailure(String why) {
    long now = System.nanoTime();
    long next = nextFailureNanos.get();
    if (now - next >= 0 && nextFailureNanos.compareAndSet(next, now + TELL_EVERY_NANOS)) {
      LOG.warnf("Connecting to Redis failed, and is tried again: %s", why);
    } else {
      LOG.debugf("Connecting to Redis failed: %s", why);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  RedisConfig config() {
    return config;
  }

  RedisMetrics metrics() {
    return metrics;
  }
}
