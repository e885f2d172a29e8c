package dev.chatgateway.load;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a program was told on its command line: {@code name=value}. */
final class Settings {
  private final Map<String, String> given = new LinkedHashMap<>();

  Settings(String[] arguments, int from, Set<String> known) {
    for (int i = from; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      if (pair.length != 2 || !(known.contains(pair[0]) || pair[0].startsWith("chat."))) {
        throw new IllegalArgumentException(
            arguments[i] + " is none of " + new TreeSet<>(known) + ", as name=value, or chat.*");
      }
      given.put(pair[0], pair[1]);
    }
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(given.getOrDefault(name, Integer.toString(otherwise)));
  }

  Duration seconds(String name, int otherwise) {
    return Duration.ofSeconds(number(name, otherwise));
  }

  /** The gateway's own properties among them, as {@code name, value, …}. */
  String[] properties() {
    return given.entrySet().stream()
        .filter(one -> one.getKey().startsWith("chat."))
        .flatMap(one -> Stream.of(one.getKey(), one.getValue()))
        .toArray(String[]::new);
  }

  @Override
  public String toString() {
    return given.toString();
  }
}
