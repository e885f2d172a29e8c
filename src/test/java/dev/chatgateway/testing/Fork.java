package dev.chatgateway.testing;

import java.nio.file.Path;

/** Which of the JVMs is this that Surefire or Failsafe runs side by side. */
public final class Fork {
  /** Its number, from 1; 0 where nothing runs beside it. */
  static final int NUMBER = Integer.getInteger("chat.test.fork", 0);

  private Fork() {}

  /** Where it may write files of that kind; no other JVM of the same run does. */
  public static Path folder(String kind) {
    return Path.of("target", kind, "fork-" + NUMBER).toAbsolutePath();
  }
}
