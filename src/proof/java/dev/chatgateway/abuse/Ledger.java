package dev.chatgateway.abuse;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What was thrown on one connection and has not been answered yet. Each answer is held against what
 * it belongs to, so that nothing counts as handled that wasn't.
 */
final class Ledger {
  // What a valid message may be refused for, by one who has left the ticket since.
  private static final String NOT_JOINED = "not_joined";
  private static final Set<Integer> MAY_END = Set.of(4408);
  private static final Set<Integer> MAY_END_UNKNOWN = Set.of(4401, 4408);

  private final Tally tally;
  private final String where;
  private final boolean known;
  private final Map<String, Mutant> awaited = new HashMap<>();
  private int unkeyed;
  private int maySayNothing;
  private int outcomes;

  /**
   * @param where is told with what must not happen
   * @param known whether the connection has authenticated
   */
  Ledger(Tally tally, String where, boolean known) {
    this.tally = tally;
    this.where = where;
    this.known = known;
  }

  boolean awaits(String key) {
    return awaited.containsKey(key);
  }

  /** Something is about to be thrown; its key is none that is awaited. */
  void thrown(Mutant mutant) {
    tally.thrown(mutant.flaw());
    if (mutant.key() != null) {
      awaited.put(mutant.key(), mutant);
    } else {
      unkeyed++;
      maySayNothing += mutant.maySayNothing() ? 1 : 0;
    }
  }

  /** An answer has come. */
  void heard(Answer answer) {
    switch (answer.what()) {
      case REPLY -> {
        Mutant mutant = awaited.remove(answer.key());
        if (mutant == null) {
          tally.fault(where + ": a reply to nothing, " + answer);
          return;
        }
        boolean fair = answer.code() == null || answer.code().equals(NOT_JOINED) || !known;
        if (mutant.flaw() == Flaw.NONE && !fair) {
          tally.fault(where + ": " + answer.code() + " to " + mutant.text());
        }
        tally.answered(answer.code());
      }
      case OUTCOME -> {
        if (++outcomes > unkeyed) {
          tally.fault(where + ": an outcome of nothing, " + answer);
          return;
        }
        tally.answered(answer.code());
      }
      default -> {}
    }
  }

  /** Everything so far has been handled, as the answer to a later question proves. */
  void settle() {
    awaited.values().forEach(mutant -> tally.fault(where + ": no answer to " + mutant.text()));
    int silent = unkeyed - outcomes;
    if (silent > maySayNothing) {
      tally.fault(where + ": " + silent + " without an outcome, of which " + maySayNothing
          + " may have none");
    }
    tally.passed(silent);
    clear();
  }

  /** The connection has ended; what is not answered yet has maybe not been handled. */
  void ended(int code) {
    int open = awaited.size() + unkeyed - outcomes;
    if (!(known ? MAY_END : MAY_END_UNKNOWN).contains(code)) {
      tally.fault(where + ": closed with " + code + ", with these open: " + awaited.values());
    }
    tally.cutOff(code, open);
    clear();
  }

  private void clear() {
    awaited.clear();
    unkeyed = 0;
    maySayNothing = 0;
    outcomes = 0;
  }
}
