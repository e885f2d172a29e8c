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
 *       after a message that was sent when they were in already: a room has one order.
 * </ul>
 *
 * <p>Who says nothing and asks for nothing is not put back by what they do; some of the workload's users
 * are such. Excused, until the bound for ghosts after its end, is a fault of the pod of that
 * connection, or of its way to the store; a store that lost or took back what it had, where the header
 * allows that; and that agents read nothing. That the store is away is no excuse: nobody is to be
 * swept then. {@code shown} counts what was judged.
 */
final class StaysShown implements Property {
  @Override
  public void check(Run run, Findings findings) {
    new Walk(run, findings).walk();
  }

  private static final class Walk {
    private final Run run;
    private final Findings findings;
    /** By key of the sending, when it was asked for first. */
    private final Map<String, Long> sent = new HashMap<>();
    /** By connection and ticket, since when at least the room's events are what it is told. */
    private final Map<String, Entry> known = new HashMap<>();

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
      if (entry.fact() instanceof Seen.NewMessage seen) {
        if (sent.containsKey(seen.message().id())) {
          known.put(entry.conn() + " " + seen.ticket(), entry);
        }
      } else if (entry.fact() instanceof Seen.UserLeft left) {
        Entry before = known.get(entry.conn() + " " + left.ticket());
        if (before != null) {
          long from = sent.get(((Seen.NewMessage) before.fact()).message().id());
          judge(
              left.ticket(), left.user(), from, entry.ns(), "is said to have left", before, entry);
        }
      } else if (entry.fact() instanceof Fact.Ok ok && run.asked(ok.of()) != null) {
        Entry asked = run.asked(ok.of());
        if (ok.result() instanceof Result.Joined joined) {
          list(asked, entry, joined.participants());
        } else if (ok.result() instanceof Result.Users users
            && run.op(ok.of()) instanceof Op.ReadParticipants) {
          list(asked, entry, users.users());
        }
      }
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

    private void judge(
        String ticket, String user, long fromNs, long toNs, String what, Entry... lines) {
      for (Stays.Stay stay : run.stays().in(ticket)) {
        if (stay.user.equals(user) && stay.spans(fromNs, toNs) && !excused(stay, fromNs, toNs)) {
          violated(stay, what, lines);
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
