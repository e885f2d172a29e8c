package dev.chatgateway.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * What a test needs from the machine. Where it is missing the test is skipped, and says what to
 * install; with {@code chat.test.require-docker=true}, as in the CI, it fails.
 */
public final class Requirement {
  private static final boolean REQUIRED = Boolean.getBoolean("chat.test.require-docker");
  private static final List<Path> BESIDES_PATH =
      List.of(Path.of("/usr/local/sbin"), Path.of("/usr/sbin"));

  private Requirement() {}

  /** The path of that command. */
  public static Path command(String name, String debianPackage) {
    return program(name, "apt-get install " + debianPackage);
  }

  /** The path of a command that is no Debian package; the help says where to get it. */
  public static Path program(String name, String help) {
    Stream<Path> path = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of);
    return Stream.concat(path, BESIDES_PATH.stream())
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> missing("there is no " + name + ": " + help, null));
  }

  /** To be thrown where something is missing. */
  public static RuntimeException missing(String what, Throwable cause) {
    if (REQUIRED) {
      return new IllegalStateException(what, cause);
    }
    System.out.println("WARNING: TESTS ARE SKIPPED, since " + what);
    return new TestAbortedException(what, cause);
  }
}
