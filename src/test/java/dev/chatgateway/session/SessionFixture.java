package dev.chatgateway.session;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.redis.RedisConfig;
import dev.chatgateway.redis.RedisLinks;
import dev.chatgateway.redis.RedisMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.RedisOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sessions without a pod, whose clients only remember what they were sent. */
final class SessionFixture implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Loops loops;
  private final Sessions sessions;
  private long number;

  SessionFixture() {
    SmallRyeConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(RedisConfig.class)
        .withMapping(LimitsConfig.class)
        .build();
    // Nothing listens there: no test here asks the store.
    RedisLinks redis = new RedisLinks(
        vertx,
        new RedisOptions().setConnectionString("redis://127.0.0.1:1"),
        config.getConfigMapping(RedisConfig.class),
        new RedisMetrics(registry));
    loops = Loops.of(vertx, redis);
    sessions = new Sessions(
        "pod", loops, config.getConfigMapping(LimitsConfig.class), new SessionMetrics(registry));
  }

  /** What a client was sent. */
  static final class Sent implements Outbound {
    final List<String> events = new ArrayList<>();
    CloseCode closed;
    long pending;

    @Override
    public Broadcast.Door door() {
      return Broadcast.Door.WEBSOCKET;
    }

    @Override
    public void send(ServerEvent event) {
      events.add(event.name());
    }

    @Override
    public void send(Broadcast broadcast) {
      events.add(broadcast.event().name());
    }

    @Override
    public void ping() {
      events.add("ping");
    }

    @Override
    public void close(CloseCode code, String reason) {
      closed = code;
    }

    @Override
    public long pendingBytes() {
      return pending;
    }
  }

  Session session(String userId, boolean admin, Outbound out) {
    Session session =
        new Session("pod." + ++number, number, loops.main(), out, sessions, System.nanoTime());
    session.authenticated(
        new Principal(
            userId, userId, admin, false, Set.of(), Instant.EPOCH, Instant.now().plusSeconds(60)),
        1);
    return session;
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }
}
