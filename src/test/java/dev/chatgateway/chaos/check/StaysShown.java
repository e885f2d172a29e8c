package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in a room, by a connection whose join was granted and that has not ended since, is shown:
 *
 * <ul>
 *   <li>they are in each list of participants that is asked for and answered meanwhile, by HTTP, by
 *       joining, or pushed;
 *   <li>nobody is told {@code user_left} of them. An event may be late, so only such are judged as come
 *       after a snapshot that was asked for when they were in already, or after what became of a message
 *       that was sent then: events have one order, though messages may come before them.
 * </ul>
 *
 * <p>Who says nothing and asks for nothing is not put back by what they do; some of the workload's users
 * are such. Excused, until the bound for ghosts after its end, is a fault of the pod of that
 * connection, or of its way to the store; a store that lost or took back what it had, where the header
 * allows that; and that agents read nothing; and for who polls, a fault of any pod, since any passes their requests on, by
 * what the store says. For all others that the store is away is no excuse: nobody is to be
 * swept then. {@code shown} counts what was judged.
 */
final class StaysShown implements Property {
  @Override
  public void check(Run run, Findings findings) {
    new Walk(run, findings).walk();
  }

  private record Known(long ns, Entry line) {}

  private static final class Walk {
    private final Run run;
    private final Findings findings;
    /** By id of the message, when it was asked for first. */
    private final Map<String, Long> sent = new HashMap<>();
    /** By connection and ticket, the latest moment that surely was before what is told now. */
    private final Map<String, Known> known = new HashMap<>();

    Walk(Run run, Findings findings) {
      this.run = run;
      this.findings = findings;
      for (Sendings.Sending sending : new Sendings(run).all()) {
        for (Sendings.Attempt attempt : sending.attempts) {
          if (attempt.accepted() != null) {
            sent.merge(attempt.result().id(), sending.first().asked().ns(), Math::min);
          }
        }
      }
    }

    void walk() {
      run.entries().forEach(this::look);
    }

    private void look(Entry entry) {
      if (entry.fact() instanceof Seen.StatusUpdate update) {
        know(entry.conn(), update.ticket(), sent.getOrDefault(update.id(), 0L), entry);
      } else if (entry.fact() instanceof Seen.UserLeft left) {
        Known before = known.get(entry.conn() + " " + left.ticket());
        if (before != null) {
          judge(left, before.ns(), entry.ns(), before.line(), entry);
        }
      } else if (entry.fact() instanceof Fact.Ok ok && run.asked(ok.of()) != null) {
        Entry asked = run.asked(ok.of());
        if (ok.result() instanceof Result.Joined joined) {
          know(asked.conn(), run.ticket(entry), asked.ns(), entry);
          list(asked, entry, joined.participants());
        } else if (ok.result() instanceof Result.Users users
            && run.op(ok.of()) instanceof Op.ReadParticipants) {
          list(asked, entry, users.users());
        }
      }
    }

    private void know(String conn, String ticket, long ns, Entry line) {
      known.merge(conn + " " + ticket, new Known(ns, line), (a, b) -> a.ns() < b.ns() ? b : a);
    }

    private void list(Entry asked, Entry answered, List<String> users) {
      String ticket = run.ticket(answered);
      for (Stays.Stay stay : run.stays().in(ticket)) {
        if (stay.spans(asked.ns(), answered.ns()) && !excused(stay, asked.ns(), answered.ns())) {
          findings.count("shown");
          if (!users.contains(stay.user)) {
            violated(stay, "is not shown", asked, answered);
          }
        }
      }
    }

    private void judge(Seen.UserLeft left, long fromNs, long toNs, Entry... lines) {
      for (Stays.Stay stay : run.stays().in(left.ticket())) {
        if (stay.user.equals(left.user())
            && stay.spans(fromNs, toNs)
            && !excused(stay, fromNs, toNs)) {
          violated(stay, "is said to have left", lines);
          return;
        }
      }
    }

    private boolean excused(Stays.Stay stay, long fromNs, long toNs) {
      long boundNs = run.header().bounds().ghostMs() * 1_000_000;
      return run.faults().spans().stream()
          .anyMatch(span -> span.fromNs() <= toNs
              && fromNs <= span.toNs() + boundNs
              && (run.faults().isOf(span, stay.pod)
                  || stay.polls && (run.faults().isOfPods(span) || Faults.storeAway(span))
                  || Faults.stalls(span, run.header().users().get(stay.user))
                  || run.header().mayLoseData() && !run.faults().isOfPods(span)));
    }

    private void violated(Stays.Stay stay, String what, Entry... lines) {
      findings.count("not_shown");
      findings.violated(
          stay.user + " " + what + ", and is in ticket " + stay.ticket + " by " + stay.conn
              + ", on " + stay.pod,
          lines);
    }
  }
}
