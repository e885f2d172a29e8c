package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What one property found: violations, each with the lines that show it, and numbers. */
final class Findings {
  /** More are counted, but not kept. */
  private static final int KEPT = 20;

  private final String property;
  private final Map<String, Long> numbers;
  private final List<Verdict.Violation> violations = new ArrayList<>();
  private int count;

  Findings(String property, Map<String, Long> numbers) {
    this.property = property;
    this.numbers = numbers;
  }

  /** The property is refuted by those lines; null among them is left out. */
  void violated(String what, Entry... lines) {
    if (count++ < KEPT) {
      violations.add(new Verdict.Violation(
          property, what, Stream.of(lines).filter(Objects::nonNull).toList()));
    }
  }

  /** One more of what is counted under that name. */
  void count(String number) {
    add(number, 1);
  }

  void add(String number, long more) {
    numbers.merge(number, more, Long::sum);
  }

  /** Keeps the greatest. */
  void worst(String number, long value) {
    numbers.merge(number, value, Math::max);
  }

  void set(String number, long value) {
    numbers.put(number, value);
  }

  long number(String number) {
    return numbers.getOrDefault(number, 0L);
  }

  int violated() {
    return count;
  }

  List<Verdict.Violation> violations() {
    return Collections.unmodifiableList(violations);
  }

  /** The numbers every report has, whether anything was counted under them or not. */
  static Map<String, Long> numbers(String... names) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (String name : names) {
      numbers.put(name, 0L);
    }
    return numbers;
  }
}
