package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** What can go wrong with messages and their order. */
final class PlantedMessages {
  /** A message that a worker took live. */
  private record Taken(Entry line, Seen.NewMessage seen) {
    Message message() {
      return seen.message();
    }

    String place() {
      return PlantedMessages.place(seen.ticket(), seen.epoch(), seen.message().seq());
    }
  }

  private PlantedMessages() {}

  static void loss(Run run, Edit edit) {
    for (Entry line : run.logs()) {
      Final.Log log = (Final.Log) line.fact();
      Entry last = null;
      for (Entry entry : run.entries()) {
        if (isAccepted(entry) && log.ticket().equals(run.ticket(entry))) {
          last = entry;
        }
      }
      if (last != null && !log.messages().isEmpty()) {
        Entry asked = run.asked(((Fact.Ok) last.fact()).of());
        Op op = run.op(asked.n()) instanceof Op.Publish publish
            ? new Op.Publish(log.ticket(), "planted", publish.user())
            : new Op.Send(log.ticket(), "planted");
        long of = edit.insert(last, asked.worker(), asked.conn(), new Fact.Invoke(op));
        edit.insert(
            last,
            last.worker(),
            last.conn(),
            new Fact.Ok(
                of, new Result.Accepted("planted", log.epoch(), end(log.messages()) + 1, false)));
        return;
      }
    }
    throw new NoSuchElementException("no message was accepted");
  }

  private static boolean isAccepted(Entry entry) {
    return entry.fact() instanceof Fact.Ok ok && ok.result() instanceof Result.Accepted;
  }

  static void storedTwice(Run run, Edit edit) {
    for (Entry line : run.logs()) {
      Final.Log log = (Final.Log) line.fact();
      for (Message message : log.messages()) {
        if (message.client() != null) {
          Message again = new Message(
              message.id() + "-planted",
              end(log.messages()) + 1,
              message.user(),
              message.client(),
              "sent");
          edit.replace(line, new Final.Log(log.ticket(), log.epoch(), with(log.messages(), again)));
          for (Entry view : run.views()) {
            Final.View seen = (Final.View) view.fact();
            if (seen.ticket().equals(log.ticket())) {
              edit.replace(
                  view, new Final.View(seen.ticket(), seen.epoch(), with(seen.messages(), again)));
            }
          }
          return;
        }
      }
    }
    throw new NoSuchElementException("no message with a client_id is in a log");
  }

  static void shownTwice(Run run, Edit edit) {
    for (List<Taken> taken : taken(run)) {
      if (taken.size() < 2) {
        continue;
      }
      Taken last = taken.get(taken.size() - 1);
      String ticket = last.seen().ticket();
      boolean joinsLater = run.entries().stream()
          .anyMatch(entry -> entry.n() > last.line().n()
              && last.line().worker().equals(entry.worker())
              && entry.fact() instanceof Fact.Invoke invoke
              && invoke.op() instanceof Op.Join join
              && join.ticket().equals(ticket));
      Final.Log log = run.log(ticket);
      if (joinsLater || log == null || end(log.messages()) != last.message().seq()) {
        continue;
      }
      Message first = taken.get(0).message();
      Message again = new Message(
          first.id(), last.message().seq() + 1, first.user(), first.client(), first.status());
      edit.insert(
          last.line(),
          last.line().worker(),
          last.line().conn(),
          new Seen.NewMessage(ticket, last.seen().epoch(), again));
      return;
    }
    throw new NoSuchElementException("no worker takes two messages live, up to a log's end");
  }

  static void swap(Run run, Edit edit) {
    Map<String, Entry> first = new HashMap<>();
    for (Entry entry : run.entries()) {
      Run.messages(entry).forEach(message -> first.putIfAbsent(message.id(), entry));
      if (entry.fact() instanceof Fact.Ok ok && ok.result() instanceof Result.Accepted accepted) {
        first.putIfAbsent(accepted.id(), entry);
      }
    }
    Set<String> resumed = resumed(run);
    for (List<Taken> taken : taken(run)) {
      for (int i = 1; i < taken.size(); i++) {
        Taken a = taken.get(i - 1);
        Taken b = taken.get(i);
        if (follows(a, b)
            && first.get(a.message().id()) != a.line()
            && first.get(b.message().id()) != b.line()
            && !resumed.contains(a.place())
            && !resumed.contains(b.place())
            && marksNothing(run, a.line(), b.line())) {
          edit.replace(a.line(), at(a, b.message()));
          edit.replace(b.line(), at(b, a.message()));
          return;
        }
      }
    }
    throw new NoSuchElementException(
        "no worker takes two messages live that others know and nobody resumes with");
  }

  private static Seen.NewMessage at(Taken place, Message message) {
    return new Seen.NewMessage(
        place.seen().ticket(),
        place.seen().epoch(),
        new Message(
            message.id(),
            place.message().seq(),
            message.user(),
            message.client(),
            message.status()));
  }

  static void hole(Run run, Edit edit) {
    Set<String> named = new HashSet<>();
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Fact.Invoke invoke
          && invoke.op() instanceof Op.Mark mark
          && mark.ids() != null) {
        named.addAll(mark.ids());
      }
    }
    Set<String> resumed = resumed(run);
    for (List<Taken> taken : taken(run)) {
      for (int i = 2; i < taken.size(); i++) {
        Taken gone = taken.get(i - 1);
        Taken next = taken.get(i);
        if (follows(taken.get(i - 2), gone)
            && follows(gone, next)
            && !resumed.contains(gone.place())
            && !named.contains(gone.message().id())
            && marksNothing(run, gone.line(), next.line())) {
          edit.remove(gone.line());
          return;
        }
      }
    }
    throw new NoSuchElementException("no worker takes three messages live");
  }

  private static boolean marksNothing(Run run, Entry from, Entry to) {
    String user = run.user(from.worker());
    return between(run, from, to).stream()
        .noneMatch(entry -> entry.fact() instanceof Fact.Invoke invoke
            && invoke.op() instanceof Op.Mark
            && user.equals(run.user(entry.worker())));
  }

  private static boolean follows(Taken a, Taken b) {
    return a.line().conn().equals(b.line().conn())
        && a.message().seq() + 1 == b.message().seq();
  }

  private static List<Entry> between(Run run, Entry from, Entry to) {
    // Numbers go up by 1, from 1.
    return run.entries().subList((int) from.n(), (int) to.n() - 1);
  }

  static void misorder(Run run, Edit edit) {
    Set<String> stored = new HashSet<>();
    run.logs().forEach(line -> Run.messages(line).forEach(message -> stored.add(message.id())));
    Map<String, Sendings.Sending> before = new HashMap<>();
    for (Sendings.Sending sending : new Sendings(run).all()) {
      Sendings.Attempt later = sending.accepted();
      if (later == null
          || sending.attempts.size() != 1
          || !stored.contains(later.result().id())) {
        continue;
      }
      String key = sending.ticket + " " + later.result().epoch() + " " + sending.user;
      Sendings.Sending first = before.put(key, sending);
      if (first != null
          && first.accepted().result().seq() < later.result().seq()
          && first.accepted().accepted().n() < later.accepted().n()) {
        edit.move(first.first().asked(), later.accepted());
        edit.move(first.accepted().accepted(), later.accepted());
        return;
      }
    }
    throw new NoSuchElementException("nobody sends two messages");
  }

  /** Returns the messages, by their place, that any worker ever resumed with or asked to. */
  private static Set<String> resumed(Run run) {
    Set<String> resumed = new HashSet<>();
    Places.walk(run, new Places.Watcher() {
      @Override
      public void asked(Places.Place place, Entry entry, Op.Join join) {
        resumed.add(PlantedMessages.place(place.ticket, place.epoch, place.seq));
      }

      @Override
      public void recovered(Places.Place place, Entry entry) {
        resumed.add(PlantedMessages.place(place.ticket, place.epoch, place.seq));
      }
    });
    return resumed;
  }

  private static String place(String ticket, String epoch, long seq) {
    return ticket + " " + epoch + " " + seq;
  }

  /** What each worker takes live of each ticket, since it last began anew. */
  private static Collection<List<Taken>> taken(Run run) {
    Map<String, List<Taken>> taken = new LinkedHashMap<>();
    Places.walk(run, new Places.Watcher() {
      @Override
      public void begun(Places.Place place, Entry entry, Result.Joined joined) {
        taken.remove(place.worker + " " + place.ticket);
      }

      @Override
      public void taken(Places.Place place, Entry entry, Message message) {
        if (entry.fact() instanceof Seen.NewMessage seen) {
          taken
              .computeIfAbsent(place.worker + " " + place.ticket, key -> new ArrayList<>())
              .add(new Taken(entry, seen));
        }
      }
    });
    return taken.values();
  }

  private static long end(List<Message> messages) {
    return messages.isEmpty() ? 0 : messages.get(messages.size() - 1).seq();
  }

  private static List<Message> with(List<Message> messages, Message more) {
    List<Message> longer = new ArrayList<>(messages);
    longer.add(more);
    return longer;
  }
}
