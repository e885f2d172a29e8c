package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history, with what the properties look up in it. */
final class Run {
  /** Refusals that leave open whether it was done: as {@link Fact.Unknown}. */
  private static final Set<String> OPEN = Set.of("unavailable", "internal");

  private final RunHeader header;
  private final List<Entry> entries;
  private final Map<Long, Entry> asked = new HashMap<>();
  private final Map<Long, Entry> outcomes = new HashMap<>();
  private final Map<String, String> users = new HashMap<>();
  private final Map<String, Entry> logs = new LinkedHashMap<>();
  private final List<Entry> views = new ArrayList<>();
  private final Map<String, Long> seqs = new HashMap<>();
  private final Faults faults;
  private final Stays stays;
  private final Losses losses;
  private Entry stop;

  Run(List<Entry> entries) {
    this.entries = entries;
    header = (RunHeader) entries.get(0).fact();
    entries.forEach(this::look);
    faults = new Faults(entries);
    stays = new Stays(this);
    losses = new Losses(entries);
  }

  private void look(Entry entry) {
    Fact fact = entry.fact();
    if (fact instanceof Fact.Invoke) {
      asked.put(entry.n(), entry);
    } else if (fact instanceof Fact.Ok ok) {
      outcomes.putIfAbsent(ok.of(), entry);
      if (ok.result() instanceof Result.Accepted accepted) {
        seqs.putIfAbsent(accepted.id(), accepted.seq());
      }
    } else if (fact instanceof Fact.Fail fail) {
      outcomes.putIfAbsent(fail.of(), entry);
    } else if (fact instanceof Fact.Unknown unknown) {
      outcomes.putIfAbsent(unknown.of(), entry);
    } else if (fact instanceof Link.Opened opened) {
      users.put(entry.worker(), opened.user());
    } else if (fact instanceof Final.Log log) {
      logs.put(log.ticket(), entry);
    } else if (fact instanceof Final.View) {
      views.add(entry);
    } else if (fact instanceof Fault.Stop) {
      stop = entry;
    }
    for (Message message : messages(entry)) {
      seqs.putIfAbsent(message.id(), message.seq());
    }
  }

  RunHeader header() {
    return header;
  }

  List<Entry> entries() {
    return entries;
  }

  Entry last() {
    return entries.get(entries.size() - 1);
  }

  Faults faults() {
    return faults;
  }

  Stays stays() {
    return stays;
  }

  Losses losses() {
    return losses;
  }

  /** When all faults were over; null where the history does not say. */
  Entry stop() {
    return stop;
  }

  /** The line in which it was asked; null where there is none. */
  Entry asked(long of) {
    return asked.get(of);
  }

  /** What was asked there; null where there is none. */
  Op op(long of) {
    Entry entry = asked.get(of);
    return entry == null ? null : ((Fact.Invoke) entry.fact()).op();
  }

  /** The line with the outcome of what was asked there; null where there is none. */
  Entry outcome(Entry invoke) {
    return outcomes.get(invoke.n());
  }

  /** Whether what was asked there may have been done though it was not granted. */
  boolean isOpen(Entry invoke) {
    Entry outcome = outcome(invoke);
    return outcome == null
        || outcome.fact() instanceof Fact.Unknown
        || outcome.fact() instanceof Fact.Fail fail && OPEN.contains(fail.code());
  }

  /** As whom a worker connects; null for the ticket system. */
  String user(String worker) {
    return users.get(worker);
  }

  Set<String> workersWithUsers() {
    return users.keySet();
  }

  /** The ticket's log at the end; null where it was not read. */
  Final.Log log(String ticket) {
    Entry entry = logs.get(ticket);
    return entry == null ? null : (Final.Log) entry.fact();
  }

  Collection<Entry> logs() {
    return logs.values();
  }

  List<Entry> views() {
    return views;
  }

  /** The seq of a message, as it was first told; 0 where it never was. */
  long seq(String id) {
    return seqs.getOrDefault(id, 0L);
  }

  /** The messages that a line gives, from the log, a snapshot or live; not those it accepts. */
  static List<Message> messages(Entry entry) {
    Fact fact = entry.fact();
    if (fact instanceof Seen.NewMessage seen) {
      return List.of(seen.message());
    } else if (fact instanceof Seen.PushedJoin pushed) {
      return pushed.joined().messages();
    } else if (fact instanceof Fact.Ok ok) {
      if (ok.result() instanceof Result.Joined joined) {
        return joined.messages();
      } else if (ok.result() instanceof Result.Page page) {
        return page.messages();
      }
    } else if (fact instanceof Final.Log log) {
      return log.messages();
    } else if (fact instanceof Final.View view) {
      return view.messages();
    }
    return List.of();
  }

  /**
   * What a line says of a message's status.
   *
   * @param author null where it doesn't say
   */
  record Stated(String id, String author, int rank) {}

  /** Of all messages whose status a line gives, but for one that a mark has moved. */
  static List<Stated> statuses(Entry entry) {
    List<Stated> all = new ArrayList<>();
    for (Message message : messages(entry)) {
      all.add(new Stated(message.id(), message.user(), Status.rank(message.status())));
    }
    if (entry.fact() instanceof Fact.Ok ok && ok.result() instanceof Result.Statuses statuses) {
      statuses
          .statuses()
          .forEach((id, status) -> all.add(new Stated(id, null, Status.rank(status))));
    }
    return all;
  }

  /** The worker that a line is for: of an answer, the one that asked. */
  String worker(Entry entry) {
    Entry asked = entry.fact() instanceof Fact.Ok ok ? asked(ok.of()) : null;
    return asked == null ? entry.worker() : asked.worker();
  }

  /** The epoch of those messages. */
  static String epoch(Entry entry) {
    Fact fact = entry.fact();
    if (fact instanceof Seen.NewMessage seen) {
      return seen.epoch();
    } else if (fact instanceof Seen.PushedJoin pushed) {
      return pushed.joined().epoch();
    } else if (fact instanceof Fact.Ok ok) {
      if (ok.result() instanceof Result.Joined joined) {
        return joined.epoch();
      } else if (ok.result() instanceof Result.Page page) {
        return page.epoch();
      } else if (ok.result() instanceof Result.Accepted accepted) {
        return accepted.epoch();
      }
    } else if (fact instanceof Final.Log log) {
      return log.epoch();
    } else if (fact instanceof Final.View view) {
      return view.epoch();
    }
    return null;
  }

  /** Which ticket a line is about; null where it is about none. */
  String ticket(Entry entry) {
    return Tickets.of(this, entry.fact());
  }
}
