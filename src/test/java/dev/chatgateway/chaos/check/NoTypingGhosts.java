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
 * A typist is shown no longer than the header says after their last {@code typing_start}:
 *
 * <ul>
 *   <li>who is listed as typing, by HTTP, on a connection or in a snapshot, had asked to be not longer
 *       ago than that before the list was asked for;
 *   <li>each connection to which a typist was shown, and that stays in the room, is told {@code
 *       is_typing} false by then.
 * </ul>
 *
 * <p>Where the typist's connection has ended, the room may be told as late as of their leaving. The
 * time begins anew after faults of the typist's pod (what was asked may have waited there), of the one
 * that is told, and of the store. A user's own entry in a snapshot is not judged: they are told
 * nothing of themselves; nor what is not told to who may read too slowly, for whom it is dropped. That typing stops at once with {@code typing_stop} or a message is not
 * claimed here. {@code typing_ms} is the longest that anyone was shown.
 */
final class NoTypingGhosts implements Property {
  private record Start(Entry asked, Stays.Stay stay) {}

  @Override
  public void check(Run run, Findings findings) {
    new Walk(run, findings).walk();
  }

  private static final class Walk {
    private final Run run;
    private final Findings findings;
    private final long boundMs;
    /** Ticket and user to the last time they began or went on. */
    private final Map<String, Start> starts = new HashMap<>();
    /** Connection and ticket to user to the line that showed them. */
    private final Map<String, Map<String, Entry>> shown = new HashMap<>();

    Walk(Run run, Findings findings) {
      this.run = run;
      this.findings = findings;
      boundMs = run.header().bounds().typingMs() + run.header().bounds().typingMarginMs();
    }

    void walk() {
      run.entries().forEach(this::look);
      run.stays().all().forEach(this::out);
    }

    private void look(Entry entry) {
      Fact fact = entry.fact();
      if (fact instanceof Fact.Invoke invoke) {
        if (invoke.op() instanceof Op.Typing typing && typing.on()) {
          String user = run.user(entry.worker());
          Stays.Stay stay = run.stays().at(entry.conn(), typing.ticket(), entry.ns());
          starts.put(typing.ticket() + " " + user, new Start(entry, stay));
        }
      } else if (fact instanceof Seen.UserTyping typing) {
        if (typing.on()) {
          show(entry, entry.conn(), typing.ticket(), typing.user());
        } else {
          hide(entry, entry.conn(), typing.ticket(), typing.user());
        }
      } else if (fact instanceof Seen.PushedJoin pushed) {
        snapshot(entry, entry, pushed.ticket(), pushed.joined().typing());
      } else if (fact instanceof Seen.PutOut put) {
        out(run.stays().at(entry.conn(), put.ticket(), entry.ns()));
      } else if (fact instanceof Fact.Ok ok && run.asked(ok.of()) != null) {
        Entry asked = run.asked(ok.of());
        Op op = run.op(ok.of());
        if (op instanceof Op.Leave leave) {
          out(run.stays().at(asked.conn(), leave.ticket(), entry.ns()));
        } else if (op instanceof Op.Join join && ok.result() instanceof Result.Joined joined) {
          snapshot(asked, entry, join.ticket(), joined.typing());
        } else if (op instanceof Op.ReadTyping read && ok.result() instanceof Result.Users users) {
          list(asked, entry, read.ticket(), users.users());
        }
      }
    }

    private void list(Entry asked, Entry answered, String ticket, List<String> users) {
      for (String user : users) {
        Start start = starts.get(ticket + " " + user);
        if (start == null || asked.ns() > due(start, null)) {
          violated(user, start, asked.ns(), asked, answered);
        }
      }
    }

    private void snapshot(Entry asked, Entry entry, String ticket, List<String> users) {
      list(asked, entry, ticket, users);
      String conn = asked.conn();
      for (String user : List.copyOf(here(conn, ticket).keySet())) {
        if (!users.contains(user)) {
          hide(entry, conn, ticket, user);
        }
      }
      users.forEach(user -> show(entry, conn, ticket, user));
    }

    private Map<String, Entry> here(String conn, String ticket) {
      return shown.computeIfAbsent(conn + " " + ticket, key -> new HashMap<>());
    }

    private void show(Entry entry, String conn, String ticket, String user) {
      here(conn, ticket).putIfAbsent(user, entry);
    }

    private void hide(Entry entry, String conn, String ticket, String user) {
      Entry since = here(conn, ticket).remove(user);
      if (since != null) {
        wasShown(run.stays().at(conn, ticket, entry.ns()), ticket, user, since, entry.ns(), entry);
      }
    }

    private void out(Stays.Stay stay) {
      Map<String, Entry> left = stay == null ? null : shown.remove(stay.conn + " " + stay.ticket);
      if (left != null) {
        long until = Math.min(stay.toNs, run.last().ns());
        left.forEach((user, since) -> wasShown(stay, stay.ticket, user, since, until, null));
      }
    }

    private void wasShown(
        Stays.Stay to, String ticket, String user, Entry since, long untilNs, Entry end) {
      if (to == null || to.user.equals(user) || run.header().isNarrow(to.user)) {
        return;
      }
      Start start = starts.get(ticket + " " + user);
      if (start == null || untilNs > due(start, to)) {
        violated(user, start, untilNs, since, end);
      } else if (end != null) {
        findings.worst("typing_ms", (untilNs - start.asked().ns()) / 1_000_000);
      }
    }

    /**
     * @param to whom they are shown; null for who only asks
     */
    private long due(Start start, Stays.Stay to) {
      Stays.Stay from = start.stay();
      String pod = from == null ? null : from.pod;
      long due = run.faults()
          .due(
              start.asked().ns(),
              boundMs,
              span -> run.faults().hinders(span, pod)
                  || to != null && run.faults().hinders(span, to.pod));
      if (to != null && from != null && from.toNs < due) {
        due = Math.max(
            due,
            run.faults()
                .due(
                    from.toNs,
                    run.header().bounds().ghostMs(),
                    span -> run.faults().hinders(span, to.pod)));
      }
      return due;
    }

    private void violated(String user, Start start, long untilNs, Entry... lines) {
      findings.count("typing_ghosts");
      findings.violated(
          user + " is shown as typing "
              + (start == null
                  ? "and never was"
                  : (untilNs - start.asked().ns()) / 1_000_000 + " ms after they last did"),
          lines);
    }
  }
}
