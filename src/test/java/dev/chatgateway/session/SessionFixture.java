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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sessions without a pod, whose clients only remember what they were sent. */
final class SessionFixture implements AutoCloseable {
  static final Duration TOKEN_LIFETIME = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Loops loops;
  private final Sessions sessions;
  private final LimitsConfig limits;
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
    limits = config.getConfigMapping(LimitsConfig.class);
    sessions = new Sessions("pod", loops, limits, new SessionMetrics(registry));
  }

  /** What a client was sent. */
  static final class Sent implements Outbound {
    final List<String> events = new ArrayList<>();
    CloseCode closed;
    long pending;
    private final List<Runnable> whenSent = new ArrayList<>();

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

    @Override
    public void whenSent(Runnable action) {
      if (pending == 0) {
        action.run();
      } else {
        whenSent.add(action);
      }
    }

    /** The client has read everything. */
    void read() {
      pending = 0;
      List<Runnable> actions = List.copyOf(whenSent);
      whenSent.clear();
      actions.forEach(Runnable::run);
    }
  }

  /** One that has presented no token. */
  Session stranger(Outbound out) {
    return new Session("pod." + ++number, number, loops.main(), out, sessions, System.nanoTime());
  }

  Session session(String userId, boolean admin, Outbound out) {
    Session session = stranger(out);
    authenticate(session, userId, admin);
    return session;
  }

  /** A token of now has been taken. */
  void authenticate(Session session, String userId, boolean admin) {
    Instant end = Instant.now().plus(TOKEN_LIFETIME);
    session.authenticated(
        new Principal(userId, userId, admin, false, Set.of(), Instant.EPOCH, end), 1);
  }

  /** The same, of an issuer whose clock may differ by so much. */
  void authenticate(Session session, String userId, Duration skew) {
    Instant end = Instant.now().plus(TOKEN_LIFETIME);
    session.authenticated(
        new Principal(userId, userId, false, false, Set.of(), Instant.EPOCH, end, end.plus(skew)),
        1);
  }

  Sessions sessions() {
    return sessions;
  }

  LimitsConfig limits() {
    return limits;
  }

  @Override
  public void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }
}
