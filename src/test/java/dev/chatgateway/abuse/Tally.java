package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.protocol.CloseCode;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What was thrown, and what came back. Safe to use from several threads. */
final class Tally {
  private static final int MAX_FAULTS = 20;
  // A defect of the gateway is none that an attacker may be told.
  private static final Set<Integer> DOCUMENTED = Arrays.stream(CloseCode.values())
      .filter(code -> code != CloseCode.INTERNAL)
      .map(CloseCode::code)
      .collect(Collectors.toUnmodifiableSet());

  private final LongAdder thrown = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  void connected() {
    connections.increment();
  }

  void thrown(int frames) {
    thrown.add(frames);
  }

  long thrown() {
    return thrown.sum();
  }

  /** Something that may come, or happen. */
  void count(String outcome) {
    outcomes.computeIfAbsent(outcome, any -> new LongAdder()).increment();
  }

  long counted(String outcome) {
    LongAdder counter = outcomes.get(outcome);
    return counter == null ? 0 : counter.sum();
  }

  /** The gateway closed with that code. */
  void closed(int code, String after) {
    count("closed " + code);
    if (!DOCUMENTED.contains(code)) {
      fault("closed with " + code + " after " + after);
    }
  }

  /** A frame of the gateway as text: an error must be one that a client may be told. */
  void heard(String text) {
    if (text.contains("\"code\":\"internal\"")) {
      fault("an internal error: " + text);
    }
    count(
        text.contains("\"error\"")
            ? "refused"
            : text.contains("\"ok\":true") ? "granted" : "event");
  }

  /** Something that must not happen. */
  void fault(String what) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(what.length() > 1000 ? what.substring(0, 1000) : what);
    }
  }

  boolean isSpoilt() {
    return faults.size() >= MAX_FAULTS;
  }

  /** Requires that nothing happened that must not, and prints the rest. */
  void require(String what, long frames) {
    System.out.printf(
        "%s: %d frames on %d connections: %s%n", what, thrown(), connections.sum(), outcomes);
    assertThat(faults).isEmpty();
    assertThat(thrown()).isGreaterThanOrEqualTo(frames);
    assertThat(outcomes).isNotEmpty();
  }
}
