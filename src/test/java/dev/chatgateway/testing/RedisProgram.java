package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;

/**
 * A program that is a Redis, or a Valkey, server.
 *
 * @param path where it is
 * @param version its version, such as {@code 7.0.15}
 */
public record RedisProgram(Path path, String version) {
  private static final String NAMED = "chat.test.redis-server";

  /**
   * The machine's own: what {@code -Dchat.test.redis-server=…} names, else the {@code redis-server}
   * of the path, else {@link #embedded}.
   */
  public static RedisProgram installed() {
    String named = System.getProperty(NAMED, "");
    if (!named.isEmpty()) {
      return of(Path.of(named));
    }
    Optional<Path> found = Arrays.stream(
            System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
    return found.map(RedisProgram::of).orElseGet(RedisProgram::embedded);
  }

  /** The oldest that the gateway is for: the 6.2 that a library carries. */
  public static RedisProgram embedded() {
    return Unpacked.PROGRAM;
  }

  private static final class Unpacked {
    static final RedisProgram PROGRAM = unpack();

    private static RedisProgram unpack() {
      try {
        return of(ExecutableProvider.newJarResourceProvider().get().toPath().toAbsolutePath());
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded Redis could not be unpacked", e);
      }
    }
  }

  private static RedisProgram of(Path path) {
    try {
      Process asking = new ProcessBuilder(path.toString(), "--version").start();
      String words = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new RedisProgram(
          path, words.replaceFirst("(?s)^.*\\bv=(\\S+).*$", "$1").strip());
    } catch (IOException e) {
      throw new UncheckedIOException(path + " does not run", e);
    }
  }

  /** Whether it has what Redis 7 brought: sharded pub/sub. */
  public boolean isSeven() {
    return Integer.parseInt(version.split("\\.")[0]) >= 7;
  }

  /** The same program, where it is of Redis 7 or newer; what needs that is skipped otherwise. */
  public RedisProgram requireSeven() {
    if (!isSeven()) {
      throw Requirement.missing(
          path + " is Redis " + version + ", not 7: apt-get install redis-server", null);
    }
    return this;
  }
}
