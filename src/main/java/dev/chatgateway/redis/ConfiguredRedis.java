package dev.chatgateway.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Gives the gateway's own connections the options that {@code quarkus.redis.*} set. The extension
 * shows them only to a customizer, while it makes a client of its own; that client stays unused.
 */
@ApplicationScoped
public class ConfiguredRedis implements RedisOptionsCustomizer {
  private volatile RedisOptions options;

  @Override
  public void customize(String clientName, RedisOptions configured) {
    options = new RedisOptions(configured);
    // Vert.x counts each client as a pool, all by one name, and we have a client per connection: it
    // would say something of the first only, and Micrometer would warn of the others. Here, since a
    // filter that is a bean comes after the first client.
    Metrics.globalRegistry.config().meterFilter(MeterFilter.denyNameStartsWith("redis."));
  }

  /** The pod's way to Redis. */
  @Produces
  @Singleton
  RedisLinks links(
      Vertx vertx, Instance<Redis> extension, RedisConfig config, MeterRegistry registry) {
    // A client proxy: only a call makes the client, and so the options.
    Object unused = extension.get().hashCode();
    return new RedisLinks(vertx, options, config, new RedisMetrics(registry));
  }
}
