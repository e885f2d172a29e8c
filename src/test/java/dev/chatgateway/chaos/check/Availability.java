package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts what was asked and what became of it, and measures how soon the gateway served again. It
 * judges nothing.
 *
 * <ul>
 *   <li>{@code first_accepted_ms}: of all faults, the longest from its beginning until a message was
 *       accepted that was sent after that.
 *   <li>{@code first_accepted_after_stop_ms}: the same from the end of all faults.
 *   <li>{@code longest_gap_ms}: the longest time between two acceptances until the end of the faults, or
 *       the first one after.
 *   <li>{@code agreed_after_stop_ms}: from the end of all faults until every worker that has a view at
 *       the end had all that was accepted before; 0 where they had it already.
 * </ul>
 *
 * <p>{@code -1}: it never happened.
 */
final class Availability {
  private final Run run;
  private final Findings numbers;

  Availability(Run run, Findings numbers) {
    this.run = run;
    this.numbers = numbers;
  }

  void measure() {
    outcomes();
    List<Entry[]> accepted = accepted();
    long first = 0;
    for (Faults.Span span : run.faults().spans()) {
      long ms = firstAfter(accepted, span.fromNs());
      first = ms < 0 || first < 0 ? -1 : Math.max(first, ms);
    }
    numbers.set("first_accepted_ms", first);
    if (run.stop() != null) {
      numbers.set(
          "first_accepted_after_stop_ms", firstAfter(accepted, run.stop().ns()));
      numbers.set("agreed_after_stop_ms", agreed());
    }
    numbers.set("longest_gap_ms", gap(accepted));
    numbers.set("duration_ms", run.last().atMs());
  }

  private void outcomes() {
    Set<String> keys = new HashSet<>();
    for (Entry entry : run.entries()) {
      Fact fact = entry.fact();
      if (fact instanceof Fact.Invoke invoke) {
        if (invoke.op() instanceof Op.Send || invoke.op() instanceof Op.Publish) {
          numbers.count("attempts");
          Entry outcome = run.outcome(entry);
          if (outcome == null || outcome.fact() instanceof Fact.Unknown) {
            numbers.count("unknown");
          } else if (outcome.fact() instanceof Fact.Fail) {
            numbers.count("refused");
          } else if (outcome.fact() instanceof Fact.Ok ok
              && ok.result() instanceof Result.Accepted accepted) {
            if (keys.add(accepted.id())) {
              numbers.count("accepted");
            }
            if (accepted.duplicate()) {
              numbers.count("retries_answered");
            }
          }
        }
      } else if (fact instanceof Seen) {
        numbers.count("observed");
      } else if (fact instanceof Link.Opened) {
        numbers.count("connections");
      }
    }
    long attempts = numbers.number("attempts");
    numbers.set(
        "unknown_permille", attempts == 0 ? 0 : 1000 * numbers.number("unknown") / attempts);
  }

  /** Asked and answered, in the order of the answers. */
  private List<Entry[]> accepted() {
    List<Entry[]> accepted = new ArrayList<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Fact.Ok ok
          && ok.result() instanceof Result.Accepted
          && run.asked(ok.of()) != null) {
        accepted.add(new Entry[] {run.asked(ok.of()), entry});
      }
    }
    return accepted;
  }

  private static long firstAfter(List<Entry[]> accepted, long ns) {
    for (Entry[] one : accepted) {
      if (one[0].ns() >= ns) {
        return (one[1].ns() - ns) / 1_000_000;
      }
    }
    return -1;
  }

  private long gap(List<Entry[]> accepted) {
    long end = run.stop() == null ? run.last().ns() : run.stop().ns();
    long longest = 0;
    for (int i = 1; i < accepted.size(); i++) {
      long before = accepted.get(i - 1)[1].ns();
      if (before < end) {
        longest = Math.max(longest, accepted.get(i)[1].ns() - before);
      }
    }
    return longest / 1_000_000;
  }

  private long agreed() {
    Map<String, Long> due = new HashMap<>();
    Map<String, Set<String>> stored = new HashMap<>();
    for (Entry line : run.logs()) {
      Set<String> ids = new HashSet<>();
      Run.messages(line).forEach(message -> ids.add(message.id()));
      stored.put(run.ticket(line), ids);
    }
    for (Entry[] one : accepted()) {
      Result.Accepted accepted = (Result.Accepted) ((Fact.Ok) one[1].fact()).result();
      String ticket = run.ticket(one[1]);
      if (one[1].n() < run.stop().n()
          && stored.getOrDefault(ticket, Set.of()).contains(accepted.id())) {
        due.merge(ticket, accepted.seq(), Math::max);
      }
    }
    Map<String, Long> reached = new HashMap<>();
    Places.walk(run, new Places.Watcher() {
      @Override
      public void taken(Places.Place place, Entry entry, Message message) {
        reach(place, entry);
      }

      @Override
      public void begun(Places.Place place, Entry entry, Result.Joined joined) {
        reached.remove(place.worker + " " + place.ticket);
        reach(place, entry);
      }

      private void reach(Places.Place place, Entry entry) {
        if (place.seq >= due.getOrDefault(place.ticket, 0L)) {
          reached.putIfAbsent(place.worker + " " + place.ticket, entry.ns());
        }
      }
    });
    long last = run.stop().ns();
    for (Entry view : run.views()) {
      Long at = reached.get(view.worker() + " " + run.ticket(view));
      if (at == null) {
        return -1;
      }
      last = Math.max(last, at);
    }
    return (last - run.stop().ns()) / 1_000_000;
  }
}
