package dev.chatgateway.redis;

import dev.chatgateway.logging.LogThrottle;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Makes the connections of a pod to its Redis, be that one server, a primary that Sentinels watch,
 * or a cluster: a way for commands for each event loop, and one for subscriptions.
 */
public final class RedisLinks {
  private static final Logger LOG = Logger.getLogger(RedisLinks.class);

  private final LogThrottle failures = new LogThrottle(Duration.ofSeconds(10));
  private final LogThrottle otherFailures = new LogThrottle(Duration.ofSeconds(1));
  private volatile String lastFailure = "";
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
    requireNoContradiction(config);
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
    this.endpoints = new Endpoints(configured);
    this.keys = new Keys(config.keyPrefix(), endpoints.database());
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

  private static void requireNoContradiction(RedisConfig config) {
    requireBelow(
        "chat.redis.probe-interval",
        config.probeInterval(),
        "chat.redis.silence",
        config.silence());
    requireBelow(
        "chat.redis.write-interval",
        config.writeInterval(),
        "chat.redis.command-timeout",
        config.commandTimeout());
    if (config.minBackoff().compareTo(config.maxBackoff()) > 0) {
      throw new IllegalArgumentException("chat.redis.min-backoff is "
          + config.minBackoff()
          + ", and must be at most chat.redis.max-backoff, which is "
          + config.maxBackoff());
    }
    if (config.waitReplicas() > 0) { // all else on the connection waits as long
      requireBelow(
          "chat.redis.wait-timeout",
          config.waitTimeout(),
          "chat.redis.command-timeout",
          config.commandTimeout());
      requireBelow(
          "chat.redis.wait-timeout", config.waitTimeout(), "chat.redis.silence", config.silence());
    }
  }

  private static void requireBelow(String name, Duration value, String otherName, Duration other) {
    if (value.compareTo(other) >= 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", and must be below " + otherName + ", which is " + other);
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

  /**
   * Logs why connecting failed, if that was not logged in the last seconds: there are many lines, and
   * each tries often.
   */
  void tellOfFailure(String why) {
    String kind = String.valueOf(why).split(" ", 2)[0];
    boolean news = !kind.equals(lastFailure) && otherFailures.admits();
    if (news || failures.admits()) {
      lastFailure = kind;
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
