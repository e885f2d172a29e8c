package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * At the end all agree:
 *
 * <ul>
 *   <li>what each worker has of a ticket is the log, from where its view begins to the end, in the same
 *       epoch, message by message. Of messages that came with its last snapshot or later, it has the
 *       statuses of the log. What became of earlier ones while it was away, a client has to ask for:
 *       of those it has no more than the log, and where it has less, they are counted as {@code
 *       stale_statuses};
 *   <li>who is in a room, by a connection whose join was granted and that is still open, is among its
 *       participants; who has such a connection is present, and who has no connection for longer
 *       than the bound is not.
 * </ul>
 *
 * <p>It is the workload's to wait until things are quiet before it looks; how long the gateway took
 * is not judged here, but reported by {@link Availability}. Whom a room should not show any more is {@link
 * NoGhosts}'s.
 */
final class Agreement implements Property {
  @Override
  public void check(Run run, Findings findings) {
    Map<String, Long> told = told(run);
    run.views().forEach(line -> {
      Final.View view = (Final.View) line.fact();
      long before = told.getOrDefault(line.worker() + " " + view.ticket(), 0L);
      view(run, line, view, before, findings);
    });
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Final.Participants participants) {
        participants(run, entry, participants, findings);
      } else if (entry.fact() instanceof Final.Presence presence) {
        presence(run, entry, presence, findings);
      }
    }
  }

  /** Worker and ticket to the seq up to which it has not been told what became of messages. */
  private static Map<String, Long> told(Run run) {
    Map<String, Long> told = new HashMap<>();
    Places.walk(run, new Places.Watcher() {
      @Override
      public void joined(Places.Place place) {
        told.put(place.worker + " " + place.ticket, place.before);
      }
    });
    return told;
  }

  private static void view(Run run, Entry line, Final.View view, long before, Findings findings) {
    Final.Log log = run.log(view.ticket());
    if (log == null) {
      return; // WellRecorded says so
    }
    String differs = difference(view, log, before, findings);
    if (differs != null) {
      findings.count("disagreements");
      findings.violated(line.worker() + " and the log differ: " + differs, line);
    }
  }

  private static String difference(Final.View view, Final.Log log, long before, Findings findings) {
    if (!Objects.equals(view.epoch(), log.epoch())) {
      return "the epoch is " + log.epoch() + ", and the view's " + view.epoch();
    }
    if (view.messages().isEmpty() || log.messages().isEmpty()) {
      return view.messages().size() == log.messages().size()
          ? null
          : view.messages().size() + " messages instead of " + log.messages().size();
    }
    Map<Long, Message> logged = new TreeMap<>();
    log.messages().forEach(message -> logged.put(message.seq(), message));
    long logBegins = log.messages().get(0).seq();
    long viewBegins = view.messages().get(0).seq();
    List<Message> tail =
        logged.values().stream().filter(message -> message.seq() >= viewBegins).toList();
    // A view may have more than is kept.
    List<Message> seen =
        view.messages().stream().filter(message -> message.seq() >= logBegins).toList();
    for (int i = 0; i < Math.min(tail.size(), seen.size()); i++) {
      Message a = tail.get(i);
      Message b = seen.get(i);
      int behind = Status.rank(a.status()) - Status.rank(b.status());
      boolean stale = behind > 0 && b.seq() <= before;
      if (a.seq() != b.seq() || !a.id().equals(b.id()) || behind != 0 && !stale) {
        return a + " is there " + b;
      }
      if (stale) {
        findings.count("stale_statuses");
      }
    }
    return tail.size() == seen.size()
        ? null
        : seen.size() + " messages from " + viewBegins + " instead of " + tail.size();
  }

  private static void participants(
      Run run, Entry line, Final.Participants participants, Findings findings) {
    for (Stays.Stay stay : run.stays().all()) {
      if (stay.ticket.equals(participants.ticket())
          && isIn(stay, line)
          && !participants.users().contains(stay.user)) {
        findings.count("disagreements");
        findings.violated(
            stay.user + " is in ticket " + stay.ticket + " by " + stay.conn + ", but not shown",
            line);
      }
    }
  }

  private static boolean isIn(Stays.Stay stay, Entry line) {
    return stay.grantedNs >= 0 && stay.grantedNs < line.ns() && stay.toNs > line.ns();
  }

  private static void presence(Run run, Entry line, Final.Presence presence, Findings findings) {
    Set<String> in = new HashSet<>();
    run.stays().all().stream()
        .filter(stay -> stay.user.equals(presence.user()) && isIn(stay, line))
        .forEach(stay -> in.add(stay.conn));
    long gone = run.stays().disconnected(presence.user());
    boolean longGone = gone >= 0
        && line.ns() > run.faults().due(gone, run.header().bounds().ghostMs(), Faults::storeAway);
    if (!in.isEmpty() && !presence.connected() || longGone && presence.connected()) {
      findings.count("disagreements");
      findings.violated(
          presence.user() + " has " + in.size() + " connections in rooms and is called "
              + (presence.connected() ? "" : "not ") + "connected",
          line);
    }
  }
}
