package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A real Redis server, or sentinel, as a process of its own on this machine's loopback. Its port
 * stays its own over {@link #kill} and {@link #start}, and so does its folder, {@code
 * target/redis/<pid>-<n>-<name>}, where its log is.
 */
public final class RedisServer implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "redis").toAbsolutePath();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration STARTUP = Duration.ofSeconds(30);
  private static final Map<Process, Boolean> RUNNING = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.keySet().forEach(Process::destroyForcibly)));
  }

  private final RedisSetup setup;
  private final int port = Ports.next();
  private final Path folder;
  private final RedisDisk disk;
  private final boolean sentinel;
  private Process process;
  private boolean frozen;

  private RedisServer(String name, RedisSetup setup, String users, boolean sentinel) {
    this.setup = setup;
    this.sentinel = sentinel;
    this.folder =
        FOLDER.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-" + name);
    this.disk = new RedisDisk(folder);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("users.acl"), users);
      Files.write(folder.resolve("redis.conf"), configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A standalone server that answers. */
  public static RedisServer start(RedisSetup setup) {
    return start("standalone", setup);
  }

  static RedisServer start(String name, RedisSetup setup) {
    String users = RedisUsers.of(setup.program().isSeven(), false);
    RedisServer server = new RedisServer(name, setup, users, false);
    server.start();
    return server;
  }

  static RedisServer startSentinel(String name, RedisSetup setup) {
    RedisServer server =
        new RedisServer(name, setup, RedisUsers.ofSentinel(!setup.hasLockedSentinels()), true);
    server.start();
    return server;
  }

  private List<String> configuration() {
    List<String> lines = new ArrayList<>();
    lines.add("bind 127.0.0.1");
    lines.add("dir \"" + folder + "\"");
    lines.add("aclfile \"" + folder.resolve("users.acl") + "\"");
    lines.add("logfile \"" + folder.resolve("redis.log") + "\"");
    lines.add("daemonize no");
    if (setup.tls() == null) {
      lines.add("port " + port);
    } else {
      lines.add("port 0");
      lines.add("tls-port " + port);
      lines.addAll(setup.tls().configuration());
    }
    setup.config().forEach((name, value) -> {
      if (!sentinel || !(name.equals("save") || name.equals("appendonly"))) {
        lines.add(name + " " + (value.isEmpty() ? "\"\"" : value));
      }
    });
    return lines;
  }

  // --- where it is

  public int port() {
    return port;
  }

  /** {@code 127.0.0.1:<port>}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** The address as a gateway gets it: with the user that may do what it needs, and no more. */
  public String uri() {
    return setup.scheme() + "://" + RedisUsers.GATEWAY + ":" + RedisUsers.GATEWAY_PASSWORD + "@"
        + address();
  }

  /** The address with the user that may do anything. */
  public String uriOfAdmin() {
    return setup.scheme() + "://" + RedisUsers.TESTS + ":" + RedisUsers.TESTS_PASSWORD + "@"
        + address();
  }

  public long pid() {
    return process.pid();
  }

  /** A connection of the test's own, which may do everything. */
  public Jedis connect() {
    return new Jedis(new HostAndPort("127.0.0.1", port), setup.clientConfig());
  }

  public <T> T ask(Function<Jedis, T> question) {
    try (Jedis redis = connect()) {
      return question.apply(redis);
    }
  }

  /** The string at that key, or null. */
  public String get(String key) {
    return ask(redis -> redis.get(key));
  }

  /** That section of what it says of itself. */
  public String info(String section) {
    return ask(redis -> redis.info(section));
  }

  public void run(Consumer<Jedis> action) {
    try (Jedis redis = connect()) {
      action.accept(redis);
    }
  }

  // --- what happens to it

  /** Starts it again after {@link #kill} or {@link #stop}, with what is on disk; waits for it. */
  public void start() {
    List<String> command = new ArrayList<>(
        List.of(setup.program().path().toString(), folder.resolve("redis.conf").toString()));
    if (sentinel) {
      command.add("--sentinel");
    }
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(
              ProcessBuilder.Redirect.appendTo(folder.resolve("output.log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    frozen = false;
    RUNNING.put(process, true);
    process.onExit().thenAccept(RUNNING::remove);
    Awaitility.await("an answer of the Redis in " + folder)
        .atMost(STARTUP)
        .pollInterval(Duration.ofMillis(20))
        .failFast("it has ended, see " + folder, () -> !process.isAlive())
        .until(this::answers);
  }

  /** Whether it answers now. */
  public boolean answers() {
    try {
      return ask(Jedis::ping).equals("PONG");
    } catch (JedisException e) {
      return false;
    }
  }

  /** Ends it at once, with SIGKILL; what it had not on disk is lost. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Ends it in order, with SIGTERM. */
  public void stop() {
    process.destroy();
    awaitExit();
  }

  private void awaitExit() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Deletes its data from the disk, where it is down: {@link #start} then starts it empty. */
  public void eraseData() {
    disk.erase();
  }

  /** Puts what it has on disk aside, for {@link #bringBack}. It may run. */
  public void putAside() {
    disk.putAside();
  }

  /** Puts what was put aside in the place of its data, where it is down. */
  public void bringBack() {
    disk.bringBack();
  }

  /** Freezes it, until {@link #resume}: connections stay open and nothing is answered. */
  public void freeze() {
    Signals.send("STOP", process.pid());
    frozen = true;
  }

  public void resume() {
    if (process.isAlive()) {
      Signals.send("CONT", process.pid());
    }
    frozen = false;
  }

  public void configSet(String name, String value) {
    run(redis -> redis.configSet(name, value));
  }

  /** Whether it runs and isn't frozen. */
  public boolean isWell() {
    return process.isAlive() && !frozen;
  }

  /** Everything it has logged so far. */
  public String log() {
    try {
      return Files.readString(folder.resolve("redis.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it for good. */
  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return folder.getFileName() + " at " + address();
  }
}
