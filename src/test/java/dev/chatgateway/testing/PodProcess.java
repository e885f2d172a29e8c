package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The packaged gateway as a process of its own, in production mode, for integration tests. */
public final class PodProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Path LOGS = Path.of("target", "pods");
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration STARTUP = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;
  private final int port;
  private final int managementPort;

  private PodProcess(Process process, Path log, int port, int managementPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** A pod that is ready, on {@link TestRedis}, with {@link Tokens} signed here trusted. */
  public static PodProcess start(String... settings) {
    PodProcess pod = launch(settings);
    try {
      pod.awaitReady();
    } catch (RuntimeException e) {
      pod.close();
      throw e;
    }
    return pod;
  }

  /**
   * A pod that may or may not become ready.
   *
   * @param settings properties as in a file, {@code name, value, name, value, …}; a value of null
   *     takes away what is set here
   */
  public static PodProcess launch(String... settings) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is missing: package the gateway first");
    }
    int port = RedisOfThisJvm.freePort();
    int managementPort = RedisOfThisJvm.freePort();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("quarkus.http.host", "127.0.0.1");
    all.put("quarkus.http.port", Integer.toString(port));
    all.put("quarkus.management.host", "127.0.0.1");
    all.put("quarkus.management.port", Integer.toString(managementPort));
    all.put("quarkus.redis.hosts", TestRedis.uri());
    all.put("mp.jwt.verify.publickey.location", TestKeys.publicKeyFile().toUri().toString());
    all.put("quarkus.log.console.json.enabled", "false");
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    all.forEach((name, value) -> {
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    });
    command.add("-jar");
    command.add(JAR.toString());
    try {
      Files.createDirectories(LOGS);
      Path log =
          LOGS.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".log");
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new PodProcess(process, log, port, managementPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the pod says that it is ready. */
  public void awaitReady() {
    try {
      Awaitility.await("a pod that is ready")
          .atMost(STARTUP)
          .pollInterval(Duration.ofMillis(50))
          .failFast("the pod has ended", () -> !process.isAlive())
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> get(management("/q/health/ready")).statusCode() == 200);
    } catch (ConditionTimeoutException | org.awaitility.core.TerminalFailureException e) {
      throw new IllegalStateException(e.getMessage() + "; its log:\n" + log(), e);
    }
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    return RedisOfThisJvm.freePort();
  }

  /** An address on the port clients come to. */
  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** An address on the port of health and metrics. */
  public URI management(String path) {
    return URI.create("http://127.0.0.1:" + managementPort + path);
  }

  /** A connection to this pod. */
  public ChatClient connect() {
    return ChatClient.connect(http("/chat"));
  }

  public static HttpResponse<String> get(URI uri) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Everything it has logged so far. */
  public String log() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, with SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** Asks it to end, with SIGTERM; {@link #awaitExit} tells how. */
  public void stop() {
    process.destroy();
  }

  /** Waits for its end and returns its exit status. */
  public int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the pod still runs; its log:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  /** Freezes it, until {@link #resume}: its connections stay open and nothing is answered. */
  public void pause() {
    Signals.send("STOP", process.pid());
  }

  public void resume() {
    Signals.send("CONT", process.pid());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
  }
}
