package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** What can go wrong with statuses, with who is shown, and with who is told. */
final class PlantedStates {
  private PlantedStates() {}

  static void statusBack(Run run, Edit edit) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Seen.StatusUpdate update && update.status().equals("read")) {
        edit.insert(
            entry,
            entry.worker(),
            entry.conn(),
            new Seen.StatusUpdate(update.ticket(), update.id(), "delivered", update.user()));
        return;
      }
    }
    throw new NoSuchElementException("nobody is told that a message was read");
  }

  static void readUnseen(Run run, Edit edit) {
    Set<String> set = new HashSet<>();
    Set<String> marked = new HashSet<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Fact.Invoke invoke) {
        if (invoke.op() instanceof Op.SetStatus status) {
          set.add(status.id());
        } else if (invoke.op() instanceof Op.Mark mark) {
          marked.add(mark.ticket() + " " + run.user(entry.worker()));
        }
      }
    }
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Seen.StatusUpdate update
          && update.status().equals("read")
          && !set.contains(update.id())) {
        String reader = run.header().users().keySet().stream()
            .filter(user -> !marked.contains(update.ticket() + " " + user))
            .findFirst()
            .orElse("planted");
        edit.insert(
            entry,
            entry.worker(),
            entry.conn(),
            new Seen.StatusUpdate(update.ticket(), update.id(), "read", reader));
        return;
      }
    }
    throw new NoSuchElementException("nobody is told that a message was read by a user");
  }

  static void ghost(Run run, Edit edit) {
    long boundMs = run.header().bounds().ghostMs();
    for (Stays.Stay stay : run.stays().all()) {
      for (Stays.Absence absence : run.stays().absences(stay.user, stay.ticket)) {
        long due = run.faults().due(absence.fromNs(), boundMs, span -> true);
        Entry at = absence.surely() ? quiet(run, due, absence.toNs(), boundMs) : null;
        if (at != null) {
          List<String> users = new ArrayList<>(List.of(stay.user));
          run.stays().in(stay.ticket).stream()
              .filter(other -> other.fromNs <= at.ns() && at.ns() <= other.toNs)
              .forEach(other -> users.add(other.user));
          read(
              edit,
              at,
              new Op.ReadParticipants(stay.ticket),
              users.stream().distinct().toList());
          return;
        }
      }
    }
    throw new NoSuchElementException("nobody is gone for longer than the bound");
  }

  static void leakedSeat(Run run, Edit edit) {
    Entry line = remaining(run);
    Final.Remaining all = (Final.Remaining) line.fact();
    Stays.Stay stay = run.stays().all().get(0);
    Map<String, List<String>> participants = new LinkedHashMap<>(all.participants());
    participants.put(stay.ticket, List.of(stay.user));
    long late = run.stays().disconnected(stay.user) + 2 * ghostNs(run);
    edit.replaceAt(line, late, new Final.Remaining(all.pod(), participants, all.connections()));
  }

  static void leakedConnection(Run run, Edit edit) {
    Entry line = remaining(run);
    Final.Remaining all = (Final.Remaining) line.fact();
    String user = run.stays().all().get(0).user;
    Map<String, Integer> connections = new LinkedHashMap<>(all.connections());
    connections.put(user, 1);
    long late = run.stays().disconnected(user) + 2 * ghostNs(run);
    edit.replaceAt(line, late, new Final.Remaining(all.pod(), all.participants(), connections));
  }

  private static long ghostNs(Run run) {
    return run.header().bounds().ghostMs() * 1_000_000;
  }

  /** The last of those lines. */
  private static Entry remaining(Run run) {
    return run.entries().stream()
        .filter(entry -> entry.fact() instanceof Final.Remaining)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new NoSuchElementException("nobody was asked who remains"));
  }

  static void typingGhost(Run run, Edit edit) {
    RunHeader.Bounds bounds = run.header().bounds();
    Map<String, Entry> starts = new LinkedHashMap<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Fact.Invoke invoke
          && invoke.op() instanceof Op.Typing typing
          && typing.on()) {
        starts.put(typing.ticket() + " " + run.user(entry.worker()), entry);
      }
    }
    for (Entry start : starts.values()) {
      long boundMs = bounds.typingMs() + bounds.typingMarginMs();
      long due = run.faults().due(start.ns(), boundMs, span -> true);
      Entry at = quiet(run, due, Faults.NEVER, boundMs);
      if (at != null) {
        read(edit, at, new Op.ReadTyping(run.ticket(start)), List.of(run.user(start.worker())));
        return;
      }
    }
    throw new NoSuchElementException("nobody has typed and then not for longer than the time");
  }

  /** The first line in that time that no fault excuses; null where there is none. */
  private static Entry quiet(Run run, long afterNs, long beforeNs, long boundMs) {
    return run.entries().stream()
        .filter(entry -> entry.ns() > afterNs && entry.ns() < beforeNs)
        .filter(entry -> run.faults().spans().stream()
            .noneMatch(span ->
                span.fromNs() <= entry.ns() && entry.ns() <= span.toNs() + boundMs * 1_000_000))
        .findFirst()
        .orElse(null);
  }

  private static void read(Edit edit, Entry at, Op op, List<String> users) {
    long of = edit.insert(at, "planted", null, new Fact.Invoke(op));
    edit.insert(at, "planted", null, new Fact.Ok(of, new Result.Users(users, null)));
  }

  static void unread(Run run, Edit edit) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Final.Unread unread) {
        UnreadAgrees.Range range = UnreadAgrees.range(run, entry, unread);
        if (range != null) {
          edit.replace(
              entry,
              new Final.Unread(unread.ticket(), unread.user(), unread.seq(), range.most() + 1));
          return;
        }
      }
    }
    throw new NoSuchElementException("no unread count can be judged");
  }

  static void forgottenMark(Run run, Edit edit) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Final.Unread unread) {
        UnreadAgrees.Range range = UnreadAgrees.range(run, entry, unread);
        long unmarked = range == null ? 0 : UnreadAgrees.unmarked(run, unread);
        if (range != null && range.marked() && range.most() < unmarked) {
          edit.replace(
              entry, new Final.Unread(unread.ticket(), unread.user(), unread.seq(), unmarked));
          return;
        }
      }
    }
    throw new NoSuchElementException("no unread count has a read mark in it");
  }

  static void leak(Run run, Edit edit) {
    Map<String, Entry> open = new LinkedHashMap<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Link.Opened) {
        open.put(entry.conn(), entry);
      } else if (entry.fact() instanceof Link.Closed) {
        open.remove(entry.conn());
      } else if (entry.fact() instanceof Seen.NewMessage seen) {
        for (Entry other : open.values()) {
          RunHeader.Admission admission =
              run.header().users().get(((Link.Opened) other.fact()).user());
          if (admission != null && !admission.to(seen.ticket())) {
            edit.insert(entry, other.worker(), other.conn(), seen);
            return;
          }
        }
      }
    }
    throw new NoSuchElementException("nobody is connected who may not enter a ticket");
  }

  static void disagreement(Run run, Edit edit) {
    for (Entry entry : run.views()) {
      Final.View view = (Final.View) entry.fact();
      List<Message> messages = view.messages();
      if (messages.size() > 1) {
        edit.replace(
            entry,
            new Final.View(view.ticket(), view.epoch(), messages.subList(0, messages.size() - 1)));
        return;
      }
    }
    throw new NoSuchElementException("no view has two messages");
  }
}
