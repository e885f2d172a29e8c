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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The packaged gateway as a process of its own, in production mode, for integration tests. */
public final class PodProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Path LOGS = Path.of("target", "pods");
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration STARTUP = Duration.ofMinutes(3);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;
  private final PodSpec spec;

  private PodProcess(Process process, Path log, PodSpec spec) {
    this.process = process;
    this.log = log;
    this.spec = spec;
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
    return new PodSpec().set(settings).launch();
  }

  static PodProcess launch(PodSpec spec) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is missing: package the gateway first");
    }
    try {
      Files.createDirectories(LOGS);
      Path log =
          LOGS.resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".log");
      ProcessBuilder builder = new ProcessBuilder(spec.command(JAR))
          .redirectErrorStream(true)
          .redirectOutput(log.toFile());
      builder.environment().putAll(spec.environment());
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new PodProcess(process, log, spec);
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

  /** A port that is free. */
  public static int freePort() {
    return Ports.next();
  }

  /** An address on the port clients come to. */
  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + spec.port() + path);
  }

  /** An address on the port of health and metrics. */
  public URI management(String path) {
    return URI.create("http://127.0.0.1:" + spec.managementPort() + path);
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

  /** Whether it says now, and within that time, that it takes connections. */
  public boolean isReady(Duration patience) {
    try {
      HttpRequest request = HttpRequest.newBuilder(management("/q/health/ready"))
          .timeout(patience)
          .build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
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
