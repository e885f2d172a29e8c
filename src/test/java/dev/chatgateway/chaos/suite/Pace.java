package dev.chatgateway.chaos.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/**
 * How a run talks: the seed of its choices ({@code chat.chaos.seed}), messages per second ({@code
 * chat.chaos.rate}) and for how long at least. With {@code chat.chaos=full} there is more of it.
 */
record Pace(boolean full, long seed, double messagesPerSecond, Duration load) {
  private static final String COMMIT = told();

  static Pace ofProperties() {
    boolean full = System.getProperty("chat.chaos", "short").equals("full");
    return new Pace(
        full,
        Long.getLong("chat.chaos.seed", new Random().nextInt(1_000_000)),
        Double.parseDouble(System.getProperty("chat.chaos.rate", full ? "450" : "150")),
        Duration.ofSeconds(full ? 34 : 20));
  }

  /** Returns the commit of the gateway under test: {@code chat.chaos.commit}, or what git says. */
  String commit() {
    return COMMIT;
  }

  private static String told() {
    String told = System.getProperty("chat.chaos.commit", "");
    if (!told.isEmpty()) {
      return told;
    }
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return said.isEmpty() ? "unknown" : said;
    } catch (IOException e) {
      return "unknown"; // there is no git
    }
  }
}
