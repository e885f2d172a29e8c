package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The history holds what the other properties need, so that none of them is kept for want of
 * evidence: messages were accepted; the end of the faults is there; each ticket in which a message was
 * accepted has its log at the end, and the view of at least one worker; when all had gone, some pod was
 * asked for each user and ticket; each outcome is of one invocation and each invocation has at most one; a worker
 * has one connection at a time, and resumes where its own lines say it is.
 *
 * <p>How many unread counts and refusals to outsiders there were is counted elsewhere; where {@code
 * unread_judged} or {@code probes} is 0, those properties were not tried. It says nothing about the gateway. A violation is a defect of the workload.
 */
final class WellRecorded implements Property {
  @Override
  public void check(Run run, Findings findings) {
    if (run.stop() == null) {
      findings.violated("nothing says when the faults were over");
    }
    answers(run, findings);
    connections(run, findings);
    ends(run, findings);
    Places.walk(run, new Places.Watcher() {
      @Override
      public void astray(Places.Place place, Entry entry, Op.Join join) {
        findings.violated(
            "resumes at " + join.lastSeq() + " of " + join.epoch() + ", but is " + place, entry);
      }
    });
  }

  private static void answers(Run run, Findings findings) {
    Set<Long> answered = new HashSet<>();
    for (Entry entry : run.entries()) {
      Long of = null;
      if (entry.fact() instanceof Fact.Ok ok) {
        of = ok.of();
      } else if (entry.fact() instanceof Fact.Fail fail) {
        of = fail.of();
      } else if (entry.fact() instanceof Fact.Unknown unknown) {
        of = unknown.of();
      }
      if (of == null) {
        continue;
      }
      if (run.asked(of) == null || of >= entry.n()) {
        findings.violated("the outcome of nothing", entry);
      } else if (!answered.add(of)) {
        findings.violated("a second outcome", run.asked(of), entry);
      }
    }
  }

  private static void connections(Run run, Findings findings) {
    Map<String, Entry> open = new HashMap<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Link.Opened) {
        Entry before = open.put(entry.worker(), entry);
        if (before != null) {
          findings.violated("a worker's second connection at a time", before, entry);
        }
      } else if (entry.fact() instanceof Link.Closed) {
        Entry opened = open.remove(entry.worker());
        if (opened == null || !opened.conn().equals(entry.conn())) {
          findings.violated("closes what is not open", opened, entry);
        }
      }
    }
  }

  private static void ends(Run run, Findings findings) {
    Map<String, Entry> accepted = new TreeMap<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Fact.Ok ok
          && ok.result() instanceof Result.Accepted
          && run.ticket(entry) != null) {
        accepted.putIfAbsent(run.ticket(entry), entry);
      }
    }
    if (accepted.isEmpty()) {
      findings.violated("no message was accepted");
    }
    everybodyWasAskedFor(run, findings);
    Set<String> viewed = new HashSet<>();
    run.views().forEach(view -> viewed.add(run.ticket(view)));
    accepted.forEach((ticket, entry) -> {
      if (run.log(ticket) == null) {
        findings.violated("the log of ticket " + ticket + " at the end is missing", entry);
      }
      if (!viewed.contains(ticket)) {
        findings.violated("nobody says what they have of ticket " + ticket, entry);
      }
    });
  }

  private static void everybodyWasAskedFor(Run run, Findings findings) {
    Set<String> tickets = new HashSet<>();
    run.logs().forEach(line -> tickets.add(run.ticket(line)));
    boolean none = true;
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Final.Remaining remaining) {
        none = false;
        if (!remaining.participants().keySet().containsAll(tickets)
            || !remaining
                .connections()
                .keySet()
                .containsAll(run.header().users().keySet())) {
          findings.violated("not everybody was asked for when all had gone", entry);
        }
      }
    }
    if (none) {
      findings.violated("nobody was asked who remains when all have gone");
    }
  }
}
