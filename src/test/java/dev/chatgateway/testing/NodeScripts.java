package dev.chatgateway.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The tests in {@code src/test/socketio-client}, run by Node in a copy that has its modules. */
public final class NodeScripts {
  private static final Path SOURCE = Path.of("src", "test", "socketio-client");
  private static final Path COPY = Path.of("target", "socketio-client");
  private static final Path LOCK = Path.of("package-lock.json");
  private static final Path INSTALLED = COPY.resolve("node_modules").resolve("of-this-lock.json");
  private static final Duration INSTALLATION = Duration.ofMinutes(3);

  private final Path node;

  private NodeScripts(Path node) {
    this.node = node;
  }

  /** Those scripts, with the modules that the lock file names. */
  public static NodeScripts install() {
    Path node = Requirement.command("node", "nodejs");
    try {
      Files.createDirectories(COPY);
      try (Stream<Path> files = Files.list(SOURCE)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, COPY.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      if (!Files.exists(INSTALLED) || Files.mismatch(INSTALLED, COPY.resolve(LOCK)) != -1) {
        installModules();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new NodeScripts(node);
  }

  private static void installModules() throws IOException {
    Path npm = Requirement.command("npm", "npm");
    Path log = COPY.resolve("npm.log");
    ProcessBuilder install =
        new ProcessBuilder(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    if (!succeeds(install, log, INSTALLATION)) {
      throw Requirement.missing(
          "npm ci did not succeed in " + COPY + ":\n" + Files.readString(log), null);
    }
    Files.copy(COPY.resolve(LOCK), INSTALLED, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Runs a script; fails with what it said if it does.
   *
   * @param world what it is told; see {@code world.js}
   */
  public void run(String script, Map<String, ?> world, Duration limit) {
    run(node, script, world, limit);
  }

  /** Runs a Python script in the same way, with the modules of Debian's packages. */
  public void runPython(String script, Map<String, ?> world, Duration limit) {
    // By its path: another Python before it would not have them.
    Path python = Path.of("/usr/bin/python3");
    for (String module : List.of("socketio", "requests", "websocket")) {
      Path packages = Path.of("/usr/lib/python3/dist-packages", module);
      if (!Files.exists(python) || !Files.exists(packages)) {
        throw Requirement.missing(
            "there is no " + packages
                + ": apt-get install python3-socketio python3-requests python3-websocket",
            null);
      }
    }
    run(python, script, world, limit);
  }

  private static void run(Path command, String script, Map<String, ?> world, Duration limit) {
    Path told = COPY.resolve(script + ".json").toAbsolutePath();
    Path log = COPY.resolve(script + ".log");
    try {
      new ObjectMapper().writeValue(told.toFile(), world);
      ProcessBuilder run = new ProcessBuilder(command.toString(), script);
      run.environment().put("CHAT_TEST_WORLD", told.toString());
      boolean succeeded = succeeds(run, log, limit);
      String said = Files.readString(log);
      if (!succeeded) {
        throw new AssertionError(script + " failed, or took over " + limit + ":\n" + said);
      }
      System.out.println(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean succeeds(ProcessBuilder command, Path log, Duration limit)
      throws IOException {
    Process process = command
        .directory(COPY.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
