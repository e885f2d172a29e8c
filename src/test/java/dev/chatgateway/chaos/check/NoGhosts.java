package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who has no connection in a room any more is shown there no longer than the bound of the header,
 * counted from the end of their last one (or their leaving):
 *
 * <ul>
 *   <li>lists of participants asked for later, by HTTP, on a connection, or by joining, don't have them;
 *   <li>each connection to which they were shown as present, and that stays in the room, is told {@code
 *       user_left}; but for those who may read too slowly, for whom it is dropped.
 * </ul>
 *
 * <p>Where the store is away for all pods, the time begins anew when it is back; where it is away for
 * one, the others see that nobody is shown for longer; but for those who had been connected to a pod
 * that was told to stop before they were missed: it sends them away and keeps their places for a while.
 * For one who is to be told it also begins anew
 * when a fault of their own pod ends, or of its way to the store. A pod that was frozen or cut off may show for that time again,
 * after the end of that, those who had been connected to it. A fault that leaves the pod with a
 * connection that looks alive, because no FIN reaches it, takes the ping's time on top: the header's
 * bound has to hold that. {@code ghost_ms} is the longest that
 * anyone was seen to be shown; {@code absences} counts those that were long enough to be judged before
 * all went, see {@link EmptyAtTheEnd}. Presence that is away with the store is not judged, and whether somebody
 * who <em>is</em> there is shown only at the end, by {@link Agreement}.
 */
final class NoGhosts implements Property {
  private record Shown(Entry since, String user) {}

  @Override
  public void check(Run run, Findings findings) {
    new Walk(run, findings).walk();
  }

  private static final class Walk {
    private final Run run;
    private final Findings findings;
    private final long boundMs;
    /** Connection and ticket to user to the line that showed them. */
    private final Map<String, Map<String, Shown>> shown = new HashMap<>();

    Walk(Run run, Findings findings) {
      this.run = run;
      this.findings = findings;
      boundMs = run.header().bounds().ghostMs();
    }

    void walk() {
      run.entries().forEach(this::look);
      Set<Stays.Absence> judged = new HashSet<>();
      long lists = run.entries().stream()
          .filter(entry -> entry.fact() instanceof Final.Participants)
          .mapToLong(Entry::ns)
          .max()
          .orElse(0);
      for (Stays.Stay stay : run.stays().all()) {
        out(stay);
        for (Stays.Absence absence : run.stays().absences(stay.user, stay.ticket)) {
          if (absence.surely()
              && run.faults().due(absence.fromNs(), boundMs, Faults::storeAway)
                  < Math.min(absence.toNs(), lists)
              && judged.add(absence)) {
            findings.count("absences");
          }
        }
      }
    }

    /** That connection is in the room no more, and so shows nobody. */
    private void out(Stays.Stay stay) {
      Map<String, Shown> left = stay == null ? null : shown.remove(stay.conn + " " + stay.ticket);
      if (left != null) {
        long until = Math.min(stay.toNs, run.last().ns());
        left.values().forEach(it -> wasShown(stay, it, until, null));
      }
    }

    private void look(Entry entry) {
      Fact fact = entry.fact();
      if (fact instanceof Seen.UserJoined joined) {
        show(entry, joined.ticket(), joined.user());
      } else if (fact instanceof Seen.UserLeft left) {
        hide(entry, entry.conn(), left.ticket(), left.user());
      } else if (fact instanceof Seen.PutOut put) {
        out(run.stays().at(entry.conn(), put.ticket(), entry.ns()));
      } else if (fact instanceof Seen.PushedJoin pushed) {
        snapshot(entry, entry, pushed.ticket(), pushed.joined().participants());
      } else if (fact instanceof Fact.Ok ok && run.asked(ok.of()) != null) {
        Entry asked = run.asked(ok.of());
        if (run.op(ok.of()) instanceof Op.Leave leave) {
          out(run.stays().at(asked.conn(), leave.ticket(), entry.ns()));
        } else if (ok.result() instanceof Result.Joined joined) {
          list(asked, entry, run.ticket(entry), joined.participants());
          snapshot(asked, entry, run.ticket(entry), joined.participants());
        } else if (ok.result() instanceof Result.Users users
            && run.op(ok.of()) instanceof Op.ReadParticipants) {
          list(asked, entry, run.ticket(entry), users.users());
        }
      } else if (fact instanceof Final.Participants last) {
        list(entry, entry, last.ticket(), last.users());
      }
    }

    // --- who was told

    private void show(Entry entry, String ticket, String user) {
      shown
          .computeIfAbsent(entry.conn() + " " + ticket, key -> new HashMap<>())
          .putIfAbsent(user, new Shown(entry, user));
    }

    private void hide(Entry entry, String conn, String ticket, String user) {
      Map<String, Shown> here = shown.get(conn + " " + ticket);
      Shown was = here == null ? null : here.remove(user);
      Stays.Stay stay = run.stays().at(conn, ticket, entry.ns());
      if (was != null && stay != null) {
        wasShown(stay, was, entry.ns(), entry);
      }
    }

    private void snapshot(Entry asked, Entry entry, String ticket, List<String> users) {
      Map<String, Shown> here =
          shown.computeIfAbsent(asked.conn() + " " + ticket, key -> new HashMap<>());
      for (String user : List.copyOf(here.keySet())) {
        if (!users.contains(user)) {
          hide(entry, asked.conn(), ticket, user);
        }
      }
      users.forEach(user -> here.putIfAbsent(user, new Shown(entry, user)));
    }

    private void wasShown(Stays.Stay to, Shown it, long untilNs, Entry end) {
      if (run.header().isNarrow(to.user)) {
        return;
      }
      for (Stays.Absence absence : run.stays().absences(it.user(), to.ticket)) {
        long over = Math.min(untilNs, absence.toNs());
        long from = Math.max(absence.fromNs(), it.since().ns());
        if (from >= over) {
          continue;
        }
        long due = due(absence, from);
        if (absence.ever()) {
          due = Math.max(
              due,
              run.faults()
                  .due(absence.fromNs(), boundMs, span -> run.faults().hinders(span, to.pod)));
        }
        if (over <= due) {
          longest(end == null ? 0 : over - absence.fromNs());
          continue;
        }
        violated(absence, over, it.since(), end);
      }
    }

    // --- lists

    private void list(Entry asked, Entry answered, String ticket, List<String> users) {
      for (String user : Set.copyOf(users)) {
        for (Stays.Absence absence : run.stays().absences(user, ticket)) {
          if (absence.holds(asked.ns()) && absence.holds(answered.ns())) {
            if (asked.ns() > due(absence, asked.ns())) {
              violated(absence, asked.ns(), asked, answered);
            } else {
              longest(asked.ns() - absence.fromNs());
            }
          }
        }
      }
    }

    /** Until when they may be shown, where they are at that moment. */
    private long due(Stays.Absence absence, long atNs) {
      if (!absence.ever()) {
        return absence.fromNs(); // who was never there is not to be shown at all
      }
      long due = run.faults()
          .due(
              absence.fromNs(),
              boundMs,
              span -> Faults.storeAway(span)
                  || Faults.sendsAway(span) && absence.befell(run.faults(), span));
      if (atNs <= due) {
        return due;
      }
      for (Faults.Span span : run.faults().spans()) {
        boolean theirs = absence.befell(run.faults(), span);
        long again = span.toNs() + boundMs * 1_000_000;
        if ((theirs || Faults.storeAway(span)) && span.toNs() <= atNs && atNs <= again) {
          due = Math.max(due, again);
        }
      }
      return due;
    }

    private void longest(long ns) {
      findings.worst("ghost_ms", ns / 1_000_000);
    }

    private void violated(Stays.Absence absence, long untilNs, Entry... lines) {
      long ms = (untilNs - absence.fromNs()) / 1_000_000;
      findings.count("ghosts");
      longest(untilNs - absence.fromNs());
      findings.violated(
          absence.user() + " is shown in ticket " + absence.ticket() + " " + ms
              + " ms after they had gone",
          lines);
    }
  }
}
