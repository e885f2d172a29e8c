package dev.chatgateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Issuers as they are configured, on a clock that stands until it is set on. */
final class IssuersFixture implements AutoCloseable {
  private static final long PATIENCE_S = 20;

  private record Task(long atNanos, Runnable work) {}

  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Issuers issuers;
  final TokenVerifier verifier;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Task> tasks = new ArrayList<>();
  private final Instant began = Instant.now();
  private long nanos = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos(); // it may run over

  /**
   * @param settings properties as in a file, {@code name, value, name, value, …}
   */
  IssuersFixture(String... settings) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      properties.put(settings[i], settings[i + 1]);
    }
    SmallRyeConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .withMapping(IssuersConfig.class)
        .withMapping(KeysConfig.class)
        .withMapping(TokensConfig.class)
        .build();
    KeysConfig keys = config.getConfigMapping(KeysConfig.class);
    TokenBeans beans = new TokenBeans(keys, null, null);
    issuers = new Issuers(
        IssuerSettings.of(config.getConfigMapping(IssuersConfig.class), config),
        keys,
        issuer -> beans.source(issuer, threads),
        this::nanos,
        this::after);
    issuers.measure(metrics);
    verifier = new JwtTokenVerifier(
        issuers,
        config.getConfigMapping(TokensConfig.class).clockSkew(),
        new Clock() {
          @Override
          public Instant instant() {
            return began.plusNanos(passed());
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        },
        this::nanos,
        threads);
  }

  private long passed() {
    return nanos() - (Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());
  }

  synchronized long nanos() {
    return nanos;
  }

  private synchronized void after(Duration delay, Runnable work) {
    tasks.add(new Task(nanos + delay.toNanos(), work));
  }

  /** Begins to read, as a pod does when it starts; doesn't wait for it. */
  IssuersFixture start() {
    issuers.start();
    return this;
  }

  /** Lets time pass; what is due meanwhile is begun. */
  void pass(Duration time) {
    List<Task> due;
    synchronized (this) {
      nanos += time.toNanos();
      due = tasks.stream().filter(task -> task.atNanos() - nanos <= 0).toList();
      tasks.removeAll(due);
    }
    due.forEach(task -> task.work().run());
  }

  /** How long until the next thing that is due. */
  synchronized Duration next() {
    return Duration.ofNanos(
        tasks.stream().mapToLong(task -> task.atNanos() - nanos).min().orElseThrow());
  }

  synchronized int waiting() {
    return tasks.size();
  }

  Principal verify(String token) {
    return verify(token, TokenVerifier.NOT_BEFORE);
  }

  Principal verify(String token, long unknownSince) {
    try {
      return verifier
          .verify(token, unknownSince)
          .toCompletableFuture()
          .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ChatException problem) {
        throw problem;
      }
      if (e.getCause() instanceof TimeoutException) {
        throw new AssertionError("no outcome", e);
      }
      throw e;
    }
  }

  /** What comes of a token that is not taken. */
  ChatException refused(String token) {
    return refused(token, TokenVerifier.NOT_BEFORE);
  }

  ChatException refused(String token, long unknownSince) {
    try {
      Principal who = verify(token, unknownSince);
      throw new AssertionError("taken as " + who);
    } catch (ChatException problem) {
      return problem;
    }
  }

  void requireInvalid(String token, String... words) {
    ChatException problem = refused(token);
    assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_TOKEN);
    for (String word : words) {
      assertThat(problem.getMessage()).contains(word);
    }
  }

  @Override
  public void close() {
    issuers.stop();
    threads.shutdownNow();
  }
}
