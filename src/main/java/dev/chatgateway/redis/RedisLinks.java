package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the connections of a pod to its Redis: a command connection for each event loop, and
 * subscribed ones.
 */
public final class RedisLinks {
  private final Vertx vertx;
  private final RedisOptions options;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Keys keys;

  public RedisLinks(
      Vertx vertx, RedisOptions configured, RedisConfig config, RedisMetrics metrics) {
    this.vertx = vertx;
    // A client of this copy has the one connection that is asked of it and never recycles it.
    this.options = new RedisOptions(configured)
        .setMaxPoolSize(1)
        .setMaxPoolWaiting(1)
        .setPoolRecycleTimeout(-1);
    this.config = config;
    this.metrics = metrics;
    this.keys = new Keys(config.keyPrefix());
  }

  /** A started command connection on the loop of that context. */
  public RedisLink commands(Context context) {
    RedisLink link = new RedisLink(this, context);
    link.start();
    return link;
  }

  /**
   * A subscribed connection, not yet started.
   *
   * @param commands the command connection of the same loop, which it probes itself through
   * @param probeChannel the pod's own channel
   * @param otherChannels what else it is always subscribed to
   */
  public PubSubLink pubSub(
      Context context,
      RedisLink commands,
      String probeChannel,
      List<String> otherChannels,
      PubSubLink.Listener listener) {
    // The probe channel is acknowledged last, and so for all of them.
    List<String> own = new ArrayList<>(otherChannels);
    own.add(probeChannel);
    return new PubSubLink(this, context, commands, probeChannel, own, listener);
  }

  public Keys keys() {
    return keys;
  }

  Vertx vertx() {
    return vertx;
  }

  RedisOptions options() {
    return options;
  }

  RedisConfig config() {
    return config;
  }

  RedisMetrics metrics() {
    return metrics;
  }
}
