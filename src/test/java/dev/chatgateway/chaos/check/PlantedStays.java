package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.List;
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
    List<Audience.Idea> at = new ArrayList<>();
    Audience audience = new Audience(run, (idea, entry, count) -> {});
    for (Entry entry : run.entries()) {
      audience.look(entry);
      if (entry.fact() instanceof Seen.NewMessage seen && isQuiet(run, entry)) {
        for (Audience.Idea idea : audience.of(seen.ticket())) {
          if (idea.conn.equals(entry.conn()) && audience.isSure(idea, entry)) {
            for (Stays.Stay stay : run.stays().in(seen.ticket())) {
              // Their join, and the message before this one, were long ago.
              if (idea.users.contains(stay.user)
                  && stay.grantedNs >= 0
                  && stay.spans(stay.grantedNs + 1, entry.ns())
                  && sentAfter(run, seen.message().id(), stay.grantedNs)) {
                int count = idea.users.size();
                edit.insert(
                    entry,
                    entry.worker(),
                    entry.conn(),
                    new Seen.UserLeft(seen.ticket(), stay.user, count - 1));
                edit.insert(
                    entry,
                    entry.worker(),
                    entry.conn(),
                    new Seen.UserJoined(seen.ticket(), stay.user, count));
                return;
              }
            }
          }
        }
      }
    }
    throw new NoSuchElementException("nobody is there and hears a message " + at);
  }

  private static boolean sentAfter(Run run, String id, long ns) {
    for (Sendings.Sending sending : new Sendings(run).all()) {
      if (sending.accepted() != null && sending.accepted().result().id().equals(id)) {
        return sending.first().asked().ns() > ns;
      }
    }
    return false;
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
