package dev.chatgateway.redis;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An event loop for a test, with links to Redis and what is counted of them. */
final class LinksOfALoop implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final Context context = vertx.getOrCreateContext();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  Vertx vertx() {
    return vertx;
  }

  Context context() {
    return context;
  }

  /** A link that is up to the server at that address, with these settings. */
  RedisLink connect(String uri, String... settings) throws Exception {
    RedisLink link =
        links(new RedisOptions().setConnectionString(uri), settings).commands(context);
    awaitUp(link);
    return link;
  }

  RedisLinks links(RedisOptions to, String... settings) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put("chat.redis." + settings[i], settings[i + 1]);
    }
    RedisConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(all, "test", 100))
        .withMapping(RedisConfig.class)
        .build()
        .getConfigMapping(RedisConfig.class);
    return new RedisLinks(vertx, to, config, new RedisMetrics(meters));
  }

  void awaitUp(RedisLink link) {
    await("a link that is up", true, link);
  }

  void awaitDown(RedisLink link) {
    await("a link that is down", false, link);
  }

  private void await(String what, boolean up, RedisLink link) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> run(link::isUp) == up);
  }

  /** Does something on the loop. */
  <T> T run(Callable<T> action) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(run -> {
      try {
        result.complete(action.call());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return result.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
  }

  /** Waits for a reply; throws what it failed with. */
  static Reply await(Future<Reply> reply) throws Exception {
    try {
      return reply.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  /** How many commands ended so. */
  double errors(String outcome) {
    return meters
        .get("chat.redis.command.errors")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  /** How many connections were lost. */
  double disconnects() {
    return meters.get("chat.redis.disconnects").counter().count();
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
