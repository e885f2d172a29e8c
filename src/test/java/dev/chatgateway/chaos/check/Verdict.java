package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.RunHeader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the checker says of one history.
 *
 * @param violated property to how often it is violated; zero is there, too
 * @param violations some of them, for those who want to know why
 * @param numbers what was counted, see {@link Checker#NUMBERS}
 */
public record Verdict(
    RunHeader run,
    Map<String, Integer> violated,
    List<Violation> violations,
    Map<String, Long> numbers) {

  /**
   * @param lines the lines of the history that show it
   */
  public record Violation(String property, String what, List<Entry> lines) {
    @Override
    public String toString() {
      return property + ": " + what
          + lines.stream()
              .map(line -> "\n    line " + line.n() + " at " + line.atMs() + " ms"
                  + (line.worker() == null ? "" : ", " + line.worker())
                  + (line.conn() == null ? "" : " on " + line.conn())
                  + ": " + brief(line))
              .collect(Collectors.joining());
    }

    private static String brief(Entry line) {
      String fact = line.fact().toString();
      return fact.length() <= 300 ? fact : fact.substring(0, 300) + "…";
    }
  }

  /** Nothing was violated. */
  public boolean ok() {
    return refuted().isEmpty();
  }

  /** The properties that are violated. */
  public Set<String> refuted() {
    return violated.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  public long number(String name) {
    return numbers.getOrDefault(name, 0L);
  }
}
