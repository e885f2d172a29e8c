package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history being changed. Lines are named by the numbers they had; at the end they get new ones. */
final class Edit {
  private final List<Entry> entries;
  private final Map<Long, List<Entry>> after = new HashMap<>();
  private final Map<Long, Fact> replaced = new HashMap<>();
  private final Map<Long, Long> times = new HashMap<>();
  private final Set<Long> removed = new HashSet<>();
  private long inserted;

  Edit(List<Entry> entries) {
    this.entries = entries;
  }

  /** A new line after that one, and after those that were put there before; returns its number. */
  long insert(Entry at, String worker, String conn, Fact fact) {
    long number = --inserted;
    put(at, new Entry(number, at.ns(), at.ms(), worker, conn, fact));
    return number;
  }

  /** Takes a line to another place. */
  void move(Entry line, Entry at) {
    remove(line);
    put(at, new Entry(line.n(), at.ns(), at.ms(), line.worker(), line.conn(), line.fact()));
  }

  private void put(Entry at, Entry line) {
    after.computeIfAbsent(at.n(), n -> new ArrayList<>()).add(line);
  }

  void replace(Entry line, Fact fact) {
    replaced.put(line.n(), fact);
  }

  /** The same, and that late. */
  void replaceAt(Entry line, long ns, Fact fact) {
    replace(line, fact);
    times.put(line.n(), Math.max(ns, line.ns()));
  }

  void remove(Entry line) {
    removed.add(line.n());
  }

  List<Entry> done() {
    List<Entry> changed = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (!removed.contains(entry.n())) {
        long ns = times.getOrDefault(entry.n(), entry.ns());
        changed.add(with(entry, entry.n(), ns, replaced.getOrDefault(entry.n(), entry.fact())));
      }
      changed.addAll(after.getOrDefault(entry.n(), List.of()));
    }
    Map<Long, Long> numbers = new HashMap<>();
    for (Entry entry : changed) {
      numbers.put(entry.n(), numbers.size() + 1L);
    }
    changed.replaceAll(
        entry -> with(entry, numbers.get(entry.n()), entry.ns(), of(entry.fact(), numbers)));
    return changed;
  }

  private static Entry with(Entry entry, long n, long ns, Fact fact) {
    return new Entry(n, ns, entry.ms(), entry.worker(), entry.conn(), fact);
  }

  private static Fact of(Fact fact, Map<Long, Long> numbers) {
    if (fact instanceof Fact.Ok ok) {
      return new Fact.Ok(numbers.getOrDefault(ok.of(), -1L), ok.result());
    } else if (fact instanceof Fact.Fail fail) {
      return new Fact.Fail(numbers.getOrDefault(fail.of(), -1L), fail.code());
    } else if (fact instanceof Fact.Unknown unknown) {
      return new Fact.Unknown(numbers.getOrDefault(unknown.of(), -1L), unknown.why());
    }
    return fact;
  }
}
