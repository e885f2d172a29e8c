package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What can go wrong with who is there. */
final class PlantedStays {
  private PlantedStays() {}

  static void notShown(Run run, Edit edit) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Fact.Ok ok
          && run.op(ok.of()) instanceof Op.ReadParticipants read
          && ok.result() instanceof Result.Users users) {
        for (Stays.Stay stay : run.stays().in(read.ticket())) {
          if (stay.spans(run.asked(ok.of()).ns(), entry.ns())
              && users.users().contains(stay.user)
              && isQuiet(run, entry)) {
            List<String> fewer = new ArrayList<>(users.users());
            fewer.remove(stay.user);
            edit.replace(entry, new Fact.Ok(ok.of(), new Result.Users(fewer, fewer.size())));
            return;
          }
        }
      }
    }
    throw new NoSuchElementException("nobody was asked who is there");
  }

  static void saidToHaveLeft(Run run, Edit edit) {
    Map<String, Long> sent = new HashMap<>();
    for (Sendings.Sending sending : new Sendings(run).all()) {
      if (sending.accepted() != null) {
        sent.put(sending.accepted().result().id(), sending.first().asked().ns());
      }
    }
    Audience audience = new Audience(run, (idea, entry, count) -> {});
    for (Entry entry : run.entries()) {
      audience.look(entry);
      if (entry.fact() instanceof Seen.StatusUpdate seen && isQuiet(run, entry)) {
        for (Audience.Idea idea : audience.of(seen.ticket())) {
          long since = sent.getOrDefault(seen.id(), Faults.NEVER);
          String user = idea.conn.equals(entry.conn()) && audience.isSure(idea, entry)
              ? isThere(run, idea, since, entry)
              : null;
          if (user != null) {
            int count = idea.users.size();
            edit.insert(
                entry,
                entry.worker(),
                entry.conn(),
                new Seen.UserLeft(seen.ticket(), user, count - 1));
            edit.insert(
                entry,
                entry.worker(),
                entry.conn(),
                new Seen.UserJoined(seen.ticket(), user, count));
            return;
          }
        }
      }
    }
    throw new NoSuchElementException(
        "nobody is there while another hears what became of a message");
  }

  /** One of those it knows of who has been there since that moment; null where there is none. */
  private static String isThere(Run run, Audience.Idea idea, long sinceNs, Entry until) {
    return run.stays().in(idea.ticket).stream()
        .filter(stay -> idea.users.contains(stay.user) && stay.spans(sinceNs, until.ns()))
        .map(stay -> stay.user)
        .findFirst()
        .orElse(null);
  }

  static void miscount(Run run, Edit edit) {
    List<Entry> places = new ArrayList<>();
    Audience audience = new Audience(run, (idea, entry, count) -> {
      if (entry.fact() instanceof Seen.UserLeft) {
        places.add(entry);
      }
    });
    run.entries().forEach(audience::look);
    Entry entry = first(places, "nobody is told that somebody left");
    Seen.UserLeft left = (Seen.UserLeft) entry.fact();
    edit.replace(entry, new Seen.UserLeft(left.ticket(), left.user(), left.count() + 1));
  }

  static void notAnnounced(Run run, Edit edit) {
    List<Entry> places = new ArrayList<>();
    Audience audience = new Audience(run, (idea, entry, count) -> {
      if (entry.fact() instanceof Seen.UserJoined joined
          && !joined.user().equals(run.user(idea.worker))) {
        places.add(entry);
      }
    });
    for (Entry entry : run.entries()) {
      audience.look(entry);
      if (entry.fact() instanceof Final.Participants) {
        break;
      }
    }
    edit.remove(first(places, "nobody is told that somebody came"));
  }

  private static Entry first(List<Entry> places, String otherwise) {
    return places.stream().findFirst().orElseThrow(() -> new NoSuchElementException(otherwise));
  }

  /** No fault is near. */
  private static boolean isQuiet(Run run, Entry entry) {
    long boundNs = run.header().bounds().ghostMs() * 1_000_000;
    return run.faults().spans().stream()
        .noneMatch(span -> span.fromNs() <= entry.ns() && entry.ns() <= span.toNs() + boundNs);
  }
}
