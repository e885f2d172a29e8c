package dev.chatgateway.devmode;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis without Docker: the program is carried by a library, and keeps nothing on disk. For
 * dev mode and tests.
 */
public final class EmbeddedRedis {
  private static final long STARTUP_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_EVERY_MS = 10;
  private static final int TIMEOUT_MS = 1000;

  private final Path program;
  private final Path log;

  /** Unpacks the program. */
  public EmbeddedRedis() throws IOException {
    File unpacked = ExecutableProvider.newJarResourceProvider().get();
    program = unpacked.toPath().toAbsolutePath();
    log = program.resolveSibling("redis.log");
    log.toFile().deleteOnExit();
  }

  /**
   * Starts it on that port of this machine's loopback; returns when it answers.
   *
   * @param more further options of its command line
   */
  public Process start(int port, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        program.toString(),
        "--port",
        Integer.toString(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        program.getParent().toString()));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    long deadline = System.nanoTime() + STARTUP_NANOS;
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException(
            "it does not answer; it wrote: " + Files.readString(log).strip());
      }
      try {
        Thread.sleep(LOOK_EVERY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
        throw new IOException("interrupted while it was starting", e);
      }
    }
    return process;
  }

  /** Its version, such as {@code 6.2.6}. */
  public String version() throws IOException {
    Process asking = new ProcessBuilder(program.toString(), "--version").start();
    String words = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return words.replaceFirst("(?s)^.*\\bv=(\\S+).*$", "$1").strip();
  }

  /** A port that was free a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false; // not yet
    }
  }
}
