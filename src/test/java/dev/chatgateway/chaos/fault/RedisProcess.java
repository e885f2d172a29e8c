package dev.chatgateway.chaos.fault;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Requirement;
import dev.chatgateway.testing.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis server of a scenario's own, with a folder for what it keeps and a port that stays. */
public final class RedisProcess implements AutoCloseable {
  private static final Duration STARTUP = Duration.ofSeconds(20);
  private static final Duration END = Duration.ofSeconds(10);
  private static final int TIMEOUT_MS = 3000;

  private final int port = PodProcess.freePort();
  private final Path folder = Path.of("target", "chaos", "redis-" + port).toAbsolutePath();
  private final List<String> command = new ArrayList<>();
  private Process process;

  /** One that runs, with those lines of a configuration file. */
  public RedisProcess(Map<String, String> configuration) {
    command.add(Requirement.command("redis-server", "redis-server").toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--dir", folder.toString()));
    configuration.forEach((name, value) -> {
      command.add("--" + name);
      command.addAll(List.of(value.split(" ")));
    });
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    eraseFolder();
    start();
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /** Starts it, with what is in its folder; returns when it has loaded that. */
  public void start() {
    try {
      Files.createDirectories(folder);
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("a Redis that answers, its folder is " + folder)
        .atMost(STARTUP)
        .pollInterval(Duration.ofMillis(20))
        .failFast("it has ended, see the log in " + folder, () -> !process.isAlive())
        .ignoreExceptionsInstanceOf(JedisException.class)
        .until(() -> "PONG".equals(ask(Jedis::ping)));
  }

  /** Ends it at once, with SIGKILL. */
  public void kill() {
    if (process == null) {
      return;
    }
    process.destroyForcibly();
    try {
      process.waitFor(END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What it has kept on disk is gone. While it doesn't run. */
  public void eraseFolder() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Freezes it: connections stay open and nothing is answered, until {@link #resume}. */
  public void pause() {
    Signals.send("STOP", process.pid());
  }

  public void resume() {
    Signals.send("CONT", process.pid());
  }

  /** Asks it something, past the gateway. */
  public <T> T ask(Function<Jedis, T> question) {
    try (Jedis redis = new Jedis("127.0.0.1", port, TIMEOUT_MS)) {
      return question.apply(redis);
    }
  }

  /** Does something to it, past the gateway. */
  public void run(Consumer<Jedis> action) {
    try (Jedis redis = new Jedis("127.0.0.1", port, TIMEOUT_MS)) {
      action.accept(redis);
    }
  }

  @Override
  public void close() {
    kill();
    eraseFolder();
  }
}
