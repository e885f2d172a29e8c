package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.HashMap;
import java.util.Map;

/** Does again what each worker did with what it was given, by the rules that clients are told. */
final class Places {

  /** What happens on the way. All of a worker and ticket come in order. */
  interface Watcher {
    /** The worker takes a message, which it did not have by its place. */
    default void taken(Place place, Entry entry, Message message) {}

    /** It drops one whose seq it has. */
    default void dropped(Place place, Entry entry, Message message) {}

    /** It is told that what it has may not be what follows, and begins anew; or it begins at all. */
    default void begun(Place place, Entry entry, Result.Joined joined) {}

    /** What it is given does not follow on its place, and nobody told. */
    default void hole(Place place, Entry entry, String what) {}

    /** It is told that what it is given continues what it has, up to its place. */
    default void recovered(Place place, Entry entry) {}

    /** It has taken a snapshot, whether it began anew with it or not. */
    default void joined(Place place) {}

    /** It asks to resume. */
    default void asked(Place place, Entry entry, Op.Join join) {}

    /** It resumes, with another place than it should have. */
    default void astray(Place place, Entry entry, Op.Join join) {}

    /** It is given a message of a room that it has never joined. */
    default void stray(Entry entry, Message message) {}
  }

  /** Where a worker is in a ticket. */
  static final class Place {
    final String worker;
    final String ticket;
    String epoch;
    long seq;
    /** Where it was when it last got a snapshot: of later messages it is told what becomes. */
    long before;
    /** How often it began anew, the first time included. */
    int begins;

    private Place(String worker, String ticket) {
      this.worker = worker;
      this.ticket = ticket;
    }

    @Override
    public String toString() {
      return worker + " in " + ticket + " at " + seq + " of " + epoch;
    }
  }

  private final Run run;
  private final Watcher watcher;
  private final Map<String, Place> places = new HashMap<>();

  private Places(Run run, Watcher watcher) {
    this.run = run;
    this.watcher = watcher;
  }

  static void walk(Run run, Watcher watcher) {
    Places places = new Places(run, watcher);
    run.entries().forEach(places::look);
  }

  private void look(Entry entry) {
    Fact fact = entry.fact();
    if (fact instanceof Seen.NewMessage seen) {
      live(entry, seen);
    } else if (fact instanceof Seen.PushedJoin pushed) {
      Place place = place(entry.worker(), pushed.ticket());
      snapshot(place, entry, pushed.joined());
    } else if (fact instanceof Fact.Invoke invoke && invoke.op() instanceof Op.Join join) {
      Place place = place(entry.worker(), join.ticket());
      watcher.asked(place, entry, join);
      if (join.epoch() != null
          && (!join.epoch().equals(place.epoch) || join.lastSeq() != place.seq)) {
        watcher.astray(place, entry, join);
      }
    } else if (fact instanceof Fact.Ok ok && ok.result() instanceof Result.Joined joined) {
      if (run.op(ok.of()) instanceof Op.Join join) {
        Place place = place(run.asked(ok.of()).worker(), join.ticket());
        if (joined.recovered() && join.lastSeq() > joined.seq()) {
          watcher.hole(place, entry, "recovered from beyond the log's end for " + place);
        }
        snapshot(place, entry, joined);
      }
    }
  }

  private void live(Entry entry, Seen.NewMessage seen) {
    Place place = place(entry.worker(), seen.ticket());
    if (place.epoch == null) {
      watcher.stray(entry, seen.message());
    } else if (!seen.epoch().equals(place.epoch)) {
      watcher.hole(place, entry, "a message of epoch " + seen.epoch() + " for " + place);
      place.epoch = seen.epoch();
      place.seq = seen.message().seq();
      watcher.taken(place, entry, seen.message());
    } else {
      take(place, entry, seen.message());
    }
  }

  private void snapshot(Place place, Entry entry, Result.Joined joined) {
    if (!joined.recovered()) {
      String before = place.toString();
      place.epoch = joined.epoch();
      place.seq =
          joined.messages().isEmpty() ? joined.seq() : joined.messages().get(0).seq() - 1;
      place.before = place.seq;
      place.begins++;
      watcher.begun(place, entry, joined);
      joined.messages().forEach(message -> take(place, entry, message));
      end(place, entry, joined, before);
      return;
    }
    watcher.recovered(place, entry);
    if (!joined.epoch().equals(place.epoch)) {
      watcher.hole(place, entry, "recovered in epoch " + joined.epoch() + " for " + place);
      place.epoch = joined.epoch();
      place.seq =
          joined.messages().isEmpty() ? joined.seq() : joined.messages().get(0).seq() - 1;
    }
    place.before = place.seq;
    String before = place.toString();
    joined.messages().forEach(message -> take(place, entry, message));
    end(place, entry, joined, before);
  }

  private void end(Place place, Entry entry, Result.Joined joined, String before) {
    // Beyond it, where live messages came while it was asked for on a connection that had joined.
    if (place.seq < joined.seq()) {
      watcher.hole(
          place, entry, "a snapshot as of " + joined.seq() + " ends before it for " + before);
      place.seq = joined.seq();
    }
    watcher.joined(place);
  }

  private void take(Place place, Entry entry, Message message) {
    if (message.seq() <= place.seq) {
      watcher.dropped(place, entry, message);
      return;
    }
    if (message.seq() != place.seq + 1) {
      watcher.hole(place, entry, "message " + message.seq() + " for " + place);
    }
    place.seq = message.seq();
    watcher.taken(place, entry, message);
  }

  private Place place(String worker, String ticket) {
    return places.computeIfAbsent(worker + " " + ticket, key -> new Place(worker, ticket));
  }
}
