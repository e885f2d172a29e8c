package dev.chatgateway.testing;

import dev.chatgateway.Pod;
import dev.chatgateway.PodConfig;
import dev.chatgateway.auth.OriginConfig;
import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenTicketAccess;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.ops.DrainConfig;
import dev.chatgateway.ops.RebalanceConfig;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.presence.PresenceConfig;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.redis.RedisConfig;
import dev.chatgateway.redis.RedisLinks;
import dev.chatgateway.redis.RedisMetrics;
import dev.chatgateway.relay.RelayConfig;
import dev.chatgateway.session.AdmissionConfig;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.socketio.SocketIoConfig;
import dev.chatgateway.ticket.TicketConfig;
import dev.chatgateway.tracing.Tracing;
import dev.chatgateway.typing.TypingConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Several pods in this JVM, on one Redis, without Quarkus and without sockets: {@code
 * pods.start().connect("u:7;tickets=1,2")}. Tokens are plain words, see {@link #principal}.
 */
public final class TestPods implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Map<String, String> settings = new HashMap<>();
  private final List<TestPod> pods = new ArrayList<>();
  private final Tracing tracing;
  private TokenVerifier verifier = TokenVerifier.atOnce(TestPods::principal);

  static {
    Uni.createFrom().nullItem(); // two loops that are the first to use one fail, but in Quarkus
  }

  /**
   * @param settings properties as in a file, {@code name, value, name, value, …}
   */
  public TestPods(String... settings) {
    this(Tracing.off(), settings);
  }

  /** The same, whose messages are traced. */
  public TestPods(Tracing tracing, String... settings) {
    this.tracing = tracing;
    this.settings.put("chat.redis.key-prefix", RedisResource.newKeyPrefix());
    this.settings.put("chat.drain.delay", "0s");
    this.settings.put("chat.drain.spread", "100ms");
    for (int i = 0; i < settings.length; i += 2) {
      this.settings.put(settings[i], settings[i + 1]);
    }
  }

  /** Has pods that are started from now on verify tokens so. */
  public void verifier(TokenVerifier other) {
    verifier = other;
  }

  /** A pod more, which reaches Redis. */
  public TestPod start() {
    return start(TestRedis.uri());
  }

  /** A pod more, for which Redis may be out of reach. */
  public TestPod launch(String redisUri) {
    TestPod pod = new TestPod(redisUri);
    pods.add(pod);
    return pod;
  }

  /** A pod more, which finds Redis at that address: through a test's proxy, say. */
  public TestPod start(String redisUri) {
    TestPod pod = launch(redisUri);
    Awaitility.await("a pod that reaches Redis")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> pod.pod().health().isStarted());
    return pod;
  }

  /** What every key and channel of these pods begins with. */
  public String keyPrefix() {
    return settings.get("chat.redis.key-prefix");
  }

  /** Ends all pods that still run. */
  @Override
  public void close() {
    pods.forEach(TestPod::kill);
  }

  /**
   * Whose token {@code u:7;name=Ana;tickets=1,2;ttl=60} or {@code u:9;admin} is. Also known: {@code
   * service}, and {@code iat=} in seconds since 1970; without, it was issued now. Anything else is an
   * invalid token.
   */
  public static Principal principal(String token) {
    String[] words = token.split(";");
    if (!words[0].startsWith("u:")) {
      throw new ChatException(ErrorCode.INVALID_TOKEN, "not a test's token: " + token);
    }
    Map<String, String> claims = new HashMap<>();
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      String[] pair = word.split("=", 2);
      claims.put(pair[0], pair.length == 2 ? pair[1] : "");
    }
    String userId = words[0].substring(2);
    Instant now = Instant.now();
    return new Principal(
        userId,
        claims.getOrDefault("name", "User " + userId),
        claims.containsKey("admin"),
        claims.containsKey("service"),
        claims.containsKey("tickets") ? Set.of(claims.get("tickets").split(",")) : Set.of(),
        claims.containsKey("iat")
            ? Instant.ofEpochSecond(Long.parseLong(claims.get("iat")))
            : now.truncatedTo(ChronoUnit.SECONDS),
        now.plusSeconds(Long.parseLong(claims.getOrDefault("ttl", "3600"))));
  }

  /** One of the pods, with a Vert.x of its own. */
  public final class TestPod {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final SmallRyeConfig config;
    private final RedisLinks redis;
    private final Pod pod;
    private boolean running = true;

    private TestPod(String redisUri) {
      config = new SmallRyeConfigBuilder()
          .addDiscoveredConverters()
          .withSources(new PropertiesConfigSource(settings, "test", 100))
          .withMapping(RedisConfig.class)
          .withMapping(LimitsConfig.class)
          .withMapping(TicketConfig.class)
          .withMapping(TypingConfig.class)
          .withMapping(PresenceConfig.class)
          .withMapping(RelayConfig.class)
          .withMapping(PeersConfig.class)
          .withMapping(DrainConfig.class)
          .withMapping(AdmissionConfig.class)
          .withMapping(RebalanceConfig.class)
          .withMapping(SocketIoConfig.class)
          .withMapping(OriginConfig.class)
          .build();
      redis = new RedisLinks(
          vertx,
          new RedisOptions().setConnectionString(redisUri),
          config.getConfigMapping(RedisConfig.class),
          new RedisMetrics(metrics));
      pod = new Pod(
          vertx,
          redis,
          new PodConfig(
              config.getConfigMapping(LimitsConfig.class),
              config.getConfigMapping(TicketConfig.class),
              config.getConfigMapping(TypingConfig.class),
              config.getConfigMapping(PresenceConfig.class),
              config.getConfigMapping(RelayConfig.class),
              config.getConfigMapping(PeersConfig.class),
              config.getConfigMapping(DrainConfig.class),
              config.getConfigMapping(AdmissionConfig.class),
              config.getConfigMapping(RebalanceConfig.class)),
          verifier,
          new TokenTicketAccess(),
          metrics,
          tracing);
      pod.serving();
    }

    public Pod pod() {
      return pod;
    }

    public Vertx vertx() {
      return vertx;
    }

    /** The pod's settings of that kind. */
    public <T> T config(Class<T> mapping) {
      return config.getConfigMapping(mapping);
    }

    public MeterRegistry metrics() {
      return metrics;
    }

    /** A connection that hasn't presented a token. */
    public TestClient connect() {
      return TestClient.open(pod);
    }

    /** A connection of whom that token says. */
    public TestClient connect(String token) {
      TestClient client = connect();
      client.authenticate(token);
      return client;
    }

    /** Sends the clients away and leaves Redis in order. */
    public void stop() {
      if (running) {
        try {
          pod.drain().closeAll();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        kill();
      }
    }

    /** Ends the pod at once, as kill -9 would: it says nothing to anybody. */
    public void kill() {
      if (running) {
        running = false;
        redis.end();
        try {
          vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
          throw new IllegalStateException("Vert.x did not close", e);
        }
      }
    }
  }
}
