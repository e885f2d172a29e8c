package dev.chatgateway.load;

import dev.chatgateway.testing.PodSpec;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A Redis of a program's own, and how its pods are started. */
final class Stage implements AutoCloseable {
  private final RedisServer redis =
      RedisServer.start(new RedisSetup().config("appendonly", "no").config("maxclients", "4000"));
  private final Settings settings;
  private final String[] flags;

  Stage(Settings settings, String... flags) {
    this.settings = settings;
    this.flags = flags;
  }

  PodSpec pod() {
    return new PodSpec()
        .set("quarkus.redis.hosts", redis.uri())
        .set("quarkus.vertx.event-loops-pool-size", "1")
        .set("chat.drain.delay", null) // as in production
        .set(settings.properties())
        .jvm("-XX:TieredStopAtLevel=4") // as in production, too
        .jvm(flags);
  }

  RedisServer redis() {
    return redis;
  }

  /** Waits until that is so; gives up, loudly, when it takes too long. */
  static void await(String what, Duration patience, BooleanSupplier so) {
    long end = System.nanoTime() + patience.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("after " + patience + ", not yet: " + what);
      }
      last(Duration.ofMillis(100));
    }
  }

  /** Waits until all clients have joined and nothing they have sent is unanswered. */
  static void settle(Crowd crowd, Duration patience) {
    try {
      await("all clients, and all they have sent", patience, crowd::settled);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + ", such as " + crowd.unsettled(), e);
    }
  }

  static void last(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
