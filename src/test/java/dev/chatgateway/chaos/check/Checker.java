package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.HistoryReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks histories: {@code Checker FILE…} prints a table with a row for each, below it what violates
 * what, and ends with 1 where anything does. {@code --json} before the files prints one JSON object a
 * file instead.
 */
public final class Checker {
  /** What every verdict has a number for, in the order of the tables. */
  static final String[] NUMBERS = {
    "accepted",
    "attempts",
    "unknown",
    "unknown_permille",
    "refused",
    "retries_answered",
    "connections",
    "observed",
    "lost",
    "lost_store",
    "trimmed",
    "stored_twice",
    "taken_twice",
    "repeats",
    "reordered",
    "seq_reused_store",
    "misordered",
    "misordered_store",
    "holes",
    "told_holes",
    "strays",
    "regressions",
    "regressions_store",
    "read_unseen",
    "ghosts",
    "ghost_ms",
    "absences",
    "remaining",
    "shown",
    "not_shown",
    "counts",
    "miscounts",
    "typing_ghosts",
    "typing_ms",
    "unread_wrong",
    "unread_judged",
    "unread_marked",
    "unread_not_judged",
    "leaks",
    "probes",
    "disagreements",
    "stale_statuses",
    "first_accepted_ms",
    "first_accepted_after_stop_ms",
    "longest_gap_ms",
    "agreed_after_stop_ms",
    "duration_ms",
  };

  private Checker() {}

  public static void main(String[] args) {
    boolean json = args.length > 0 && args[0].equals("--json");
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = json ? 1 : 0; i < args.length; i++) {
      verdicts.add(check(Path.of(args[i])));
    }
    if (verdicts.isEmpty()) {
      System.err.println("usage: Checker [--json] FILE…");
      System.exit(2);
    }
    System.out.println(json ? Report.json(verdicts) : Report.text(verdicts));
    System.exit(verdicts.stream().allMatch(Verdict::ok) ? 0 : 1);
  }

  /** Checks one history against all properties. */
  public static Verdict check(Path file) {
    return check(HistoryReader.read(file));
  }

  /** Checks a history that has been read. */
  public static Verdict check(List<Entry> entries) {
    Run run = new Run(entries);
    Map<String, Long> numbers = Findings.numbers(NUMBERS);
    Map<String, Integer> violated = new LinkedHashMap<>();
    List<Verdict.Violation> violations = new ArrayList<>();
    for (Property property : Property.all()) {
      Findings findings = new Findings(property.name(), numbers);
      property.check(run, findings);
      violated.put(property.name(), findings.violated());
      violations.addAll(findings.violations());
    }
    new Availability(run, new Findings("Availability", numbers)).measure();
    return new Verdict(run.header(), violated, violations, numbers);
  }
}
