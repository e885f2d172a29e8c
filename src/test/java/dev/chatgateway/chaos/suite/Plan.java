package dev.chatgateway.chaos.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Which scenarios are run, by system properties: {@code chat.chaos} ({@code short} or {@code full}),
 * {@code chat.chaos.seed}, {@code chat.chaos.fault} (names of faults: with a comma one after the
 * other, with a plus at once) and {@code chat.chaos.rate}.
 *
 * @param load how long clients talk at least
 */
record Plan(boolean full, long seed, String fault, double messagesPerSecond, Duration load) {
  private static final int PAIRS = 5;
  private static final String COMMIT = told();

  static Plan ofProperties() {
    boolean full = System.getProperty("chat.chaos", "short").equals("full");
    return new Plan(
        full,
        Long.getLong("chat.chaos.seed", new Random().nextInt(1_000_000)),
        System.getProperty("chat.chaos.fault", ""),
        Double.parseDouble(System.getProperty("chat.chaos.rate", full ? "450" : "150")),
        Duration.ofSeconds(full ? 34 : 20));
  }

  /** Whether everything is run, and nothing is left out. */
  boolean whole() {
    return full && fault.isEmpty();
  }

  List<Scenario> scenarios() {
    Random random = new Random(seed);
    List<Scenario> list = new ArrayList<>();
    for (List<Trouble> troubles : chosen(random)) {
      list.add(new Scenario(troubles, random.nextInt(1_000_000), this));
    }
    return list;
  }

  private List<List<Trouble>> chosen(Random random) {
    List<List<Trouble>> list = new ArrayList<>();
    if (!fault.isEmpty()) {
      for (String together : fault.split(",")) {
        list.add(Stream.of(together.split("\\+")).map(Plan::of).toList());
      }
      return list;
    }
    if (full) {
      for (Trouble trouble : Trouble.values()) {
        list.add(List.of(trouble));
      }
      for (int i = 0; i < PAIRS; i++) {
        list.add(pair(random));
      }
      return list;
    }
    list.add(List.of(Trouble.CONTROL));
    list.add(List.of(Trouble.SIGKILL));
    list.add(List.of(anyOf(random, Trouble.Kind.REDIS)));
    list.add(List.of(anyOf(random, Trouble.Kind.NETWORK)));
    list.add(List.of(anyOf(random, Trouble.Kind.REPLICATED)));
    return list;
  }

  /** Two of different kinds that can be done to the same store. */
  private static List<Trouble> pair(Random random) {
    Trouble.Kind[] kinds = Trouble.Kind.values();
    while (true) {
      Trouble first = anyOf(random, kinds[1 + random.nextInt(kinds.length - 1)]);
      Trouble second = anyOf(random, kinds[1 + random.nextInt(kinds.length - 1)]);
      if (first.kind != second.kind && first.goesWith(second)) {
        return List.of(first, second);
      }
    }
  }

  private static Trouble anyOf(Random random, Trouble.Kind kind) {
    List<Trouble> all = new ArrayList<>(List.of(Trouble.values()));
    all.removeIf(trouble -> trouble.kind != kind || trouble.isLong());
    return all.get(random.nextInt(all.size()));
  }

  private static Trouble of(String name) {
    for (Trouble trouble : Trouble.values()) {
      if (trouble.wire().equals(name)) {
        return trouble;
      }
    }
    throw new IllegalArgumentException("there is no fault " + name);
  }

  /** Of the gateway under test: {@code chat.chaos.commit}, or what git said at first. */
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
