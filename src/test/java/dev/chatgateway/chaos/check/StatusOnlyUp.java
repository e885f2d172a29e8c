package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The status of a message only ever moves up.
 *
 * <ul>
 *   <li>What a worker is told of a message by its room, live and by snapshots, never goes down. A
 *       message that comes again, with the status it had when it was new, is not taken for news.
 *   <li>What is read (a status, a page, a snapshot) is at least what anybody had been shown, or had
 *       been answered to a mark, before the reading was asked for, by whichever pod.
 *   <li>The log at the end has at least what was ever shown or answered.
 * </ul>
 *
 * <p>A reply may show a later status than an event that comes after it on the same connection: the
 * one is read from the store, the other was under way. The two are not compared. Where the fault may
 * lose data, the second and third are counted as {@code regressions_store}, and the first begins anew
 * with each epoch.
 */
final class StatusOnlyUp implements Property {
  @Override
  public void check(Run run, Findings findings) {
    new Walk(run, findings).walk();
  }

  private static final class Walk {
    private final Run run;
    private final Findings findings;
    /** Message to the lines that first showed each rank or a higher one; null where none did. */
    private final Map<String, Entry[]> shown = new HashMap<>();
    /** Worker and ticket to message to what the room told last. */
    private final Map<String, Map<String, Told>> told = new HashMap<>();

    private final Map<String, String> epochs = new HashMap<>();

    private record Told(int rank, Entry line) {}

    Walk(Run run, Findings findings) {
      this.run = run;
      this.findings = findings;
    }

    void walk() {
      run.entries().forEach(this::look);
    }

    private void look(Entry entry) {
      Fact fact = entry.fact();
      if (fact instanceof Seen.StatusUpdate update) {
        told(entry, update.ticket(), update.id(), Status.rank(update.status()));
      } else if (fact instanceof Seen.NewMessage seen) {
        fresh(entry, seen.ticket(), seen.epoch());
        Message message = seen.message();
        toldOf(entry, seen.ticket())
            .putIfAbsent(message.id(), new Told(Status.rank(message.status()), entry));
        show(message.id(), Status.rank(message.status()), entry);
      } else if (fact instanceof Seen.PushedJoin pushed) {
        snapshot(entry, pushed.ticket(), pushed.joined());
      } else if (fact instanceof Fact.Ok ok) {
        answered(entry, ok);
      } else if (fact instanceof Final.Log) {
        read(entry, entry);
      }
    }

    private void answered(Entry entry, Fact.Ok ok) {
      Entry asked = run.asked(ok.of());
      Op op = run.op(ok.of());
      read(asked, entry);
      if (ok.result() instanceof Result.Joined joined && asked != null) {
        snapshot(entry, run.ticket(entry), joined);
      } else if (ok.result() instanceof Result.Marked marked) {
        String status = op instanceof Op.Mark mark
            ? mark.status()
            : op instanceof Op.SetStatus set ? set.status() : "sent";
        marked.ids().forEach(id -> show(id, Status.rank(status), entry));
      }
    }

    private void snapshot(Entry entry, String ticket, Result.Joined joined) {
      fresh(entry, ticket, joined.epoch());
      List<Message> messages = joined.messages();
      messages.forEach(it -> told(entry, ticket, it.id(), Status.rank(it.status())));
    }

    /** What was told of another epoch no longer counts. */
    private void fresh(Entry entry, String ticket, String epoch) {
      String key = run.worker(entry) + " " + ticket;
      String before = epochs.put(key, epoch);
      if (run.header().mayLoseData() && before != null && !before.equals(epoch)) {
        told.remove(key);
      }
    }

    private void told(Entry entry, String ticket, String id, int rank) {
      Told before = toldOf(entry, ticket).put(id, new Told(rank, entry));
      if (before != null && before.rank() > rank) {
        findings.count("regressions");
        findings.violated(
            id + " goes from " + Status.name(before.rank()) + " to " + Status.name(rank),
            before.line(),
            entry);
      }
      show(id, rank, entry);
    }

    private Map<String, Told> toldOf(Entry entry, String ticket) {
      return told.computeIfAbsent(run.worker(entry) + " " + ticket, key -> new HashMap<>());
    }

    private void show(String id, int rank, Entry entry) {
      Entry[] lines = shown.computeIfAbsent(id, any -> new Entry[3]);
      for (int i = 0; i <= rank; i++) {
        lines[i] = lines[i] == null ? entry : lines[i];
      }
    }

    private void read(Entry asked, Entry answered) {
      for (Run.Stated stated : Run.statuses(answered)) {
        read(asked, answered, stated.id(), stated.rank());
      }
    }

    private void read(Entry asked, Entry answered, String id, int rank) {
      Entry[] lines = shown.get(id);
      if (lines != null && asked != null && rank < Status.READ) {
        Entry higher = lines[rank + 1];
        if (higher != null && higher.n() < asked.n()) {
          if (run.header().mayLoseData()) {
            findings.count("regressions_store");
          } else {
            findings.count("regressions");
            findings.violated(
                id + " is read as " + Status.name(rank) + " after it was more", higher, answered);
          }
        }
      }
      if (!(answered.fact() instanceof Final)) {
        show(id, rank, answered);
      }
    }
  }
}
