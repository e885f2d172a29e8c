package dev.chatgateway.chaos.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Which scenarios are run, by system properties: {@code chat.chaos} ({@code short} or {@code full}),
 * {@code chat.chaos.seed}, and {@code chat.chaos.fault} (names of faults: with a comma one after the
 * other, with a plus at once). The short plan leaves the control to {@link ControlIT}.
 */
record Plan(Pace pace, String fault) {
  private static final int PAIRS = 5;

  static Plan ofProperties() {
    return new Plan(Pace.ofProperties(), System.getProperty("chat.chaos.fault", ""));
  }

  /** Whether everything is run, and nothing is left out. */
  boolean whole() {
    return pace.full() && fault.isEmpty();
  }

  List<Scenario> scenarios() {
    Random random = new Random(pace.seed());
    List<Scenario> list = new ArrayList<>();
    for (List<Disruption> troubles : chosen(random)) {
      list.add(new Scenario(troubles, random.nextInt(1_000_000), pace));
    }
    return list;
  }

  private List<List<Disruption>> chosen(Random random) {
    List<List<Disruption>> list = new ArrayList<>();
    if (!fault.isEmpty()) {
      for (String together : fault.split(",")) {
        list.add(Stream.of(together.split("\\+")).<Disruption>map(Plan::of).toList());
      }
      return list;
    }
    if (pace.full()) {
      for (Trouble trouble : Trouble.values()) {
        list.add(List.of(trouble));
      }
      for (int i = 0; i < PAIRS; i++) {
        list.add(pair(random));
      }
      return list;
    }
    list.add(List.of(Trouble.SIGKILL));
    list.add(List.of(anyOf(random, Trouble.Kind.REDIS)));
    list.add(List.of(anyOf(random, Trouble.Kind.NETWORK)));
    list.add(List.of(anyOf(random, Trouble.Kind.REPLICATED)));
    return list;
  }

  /** Two of different kinds that can be done to the same store. */
  private static List<Disruption> pair(Random random) {
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
}
