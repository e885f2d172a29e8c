package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was thrown, and what came of it. A message counts as handled when it was answered, ended its
 * connection with a close code, or was passed over in silence where that is right and something
 * later was answered. Safe to use from several threads.
 */
final class Tally {
  private static final int MAX_FAULTS = 20;
  private static final int MAX_LENGTH = 400;
  // A defect of the gateway, or of Redis's, which nothing is wrong with here.
  private static final Set<String> DEFECTS = Set.of("internal", "unavailable");

  private final long wanted;
  private final LongAdder connections = new LongAdder();
  private final LongAdder thrown = new LongAdder();
  private final LongAdder granted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder passed = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder given = new LongAdder();
  private final Map<String, LongAdder> flaws = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> codes = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> closes = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> others = new ConcurrentSkipListMap<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param wanted how many messages have to be handled
   */
  Tally(long wanted) {
    this.wanted = wanted;
  }

  boolean isEnough() {
    return handled() >= wanted;
  }

  void connected() {
    connections.increment();
  }

  void thrown(Enum<?> what) {
    thrown.increment();
    count(flaws, what.name());
  }

  /** A message was granted or, with a code, refused. */
  void answered(String code) {
    if (code == null) {
      granted.increment();
    } else {
      refused.increment();
      count(codes, code);
      if (DEFECTS.contains(code)) {
        fault("refused as " + code);
      }
    }
  }

  /** So many were handled without an answer. */
  void passed(int messages) {
    passed.add(messages);
  }

  /** A message ended its connection with that code, or status. */
  void ended(Object code) {
    ended.increment();
    count(closes, code.toString());
  }

  /** A connection ended, and so many messages on it were not answered before. */
  void cutOff(int code, int open) {
    count(closes, code + " by itself");
    given.add(open);
  }

  /** A message was not meant to be handled, or nobody looked. */
  void givenUp(String why) {
    given.increment();
    count(others, why);
  }

  void note(String what) {
    count(others, what);
  }

  private static void count(Map<String, LongAdder> counters, String name) {
    counters.computeIfAbsent(name, any -> new LongAdder()).increment();
  }

  long handled() {
    return granted.sum() + refused.sum() + passed.sum() + ended.sum();
  }

  /** Something that must not happen. */
  void fault(String what) {
    String shown = what.length() > MAX_LENGTH ? what.substring(0, MAX_LENGTH) + "…" : what;
    if (faults.size() < MAX_FAULTS && seen.add(shown)) {
      faults.add(shown);
      System.out.println("fuzz: " + shown); // a long run needn't end to be looked at
    }
  }

  boolean isSpoilt() {
    return faults.size() >= MAX_FAULTS;
  }

  /** Prints all of it so far. */
  void print(String what) {
    System.out.printf(
        "%s: connections %d, thrown %d, handled %d, granted %d, refused %d, passed %d, ended %d,"
            + " given up %d%n  refused: %s%n  ended: %s%n  thrown: %s%n  else: %s%n",
        what,
        connections.sum(),
        thrown.sum(),
        handled(),
        granted.sum(),
        refused.sum(),
        passed.sum(),
        ended.sum(),
        given.sum(),
        codes,
        closes,
        flaws,
        others);
  }

  /**
   * Requires that nothing happened that must not, and that most of what was thrown got anywhere.
   *
   * @param answered the least share that is granted, refused or ends its connection
   * @param accepted the least share that is granted
   */
  void require(String what, double answered, double accepted) {
    print(what);
    assertThat(faults).isEmpty();
    assertThat(handled()).isGreaterThanOrEqualTo(wanted);
    assertThat(handled() + given.sum()).as("all that was thrown").isEqualTo(thrown.sum());
    assertThat((double) (granted.sum() + refused.sum() + ended.sum()) / thrown.sum())
        .as("share answered")
        .isGreaterThanOrEqualTo(answered);
    assertThat((double) granted.sum() / thrown.sum())
        .as("share granted")
        .isGreaterThanOrEqualTo(accepted);
  }
}
