package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who is in which room, as each connection in it was told: by a snapshot, and what follows it. */
final class Audience {

  /** What a connection was told of a room. */
  static final class Idea {
    final String worker;
    final String conn;
    final String ticket;
    final Set<String> users = new TreeSet<>();
    /** The line that gave the snapshot. */
    Entry since;
    /** The order of snapshot and events is known. */
    boolean sure;

    private Idea(String worker, String conn, String ticket) {
      this.worker = worker;
      this.conn = conn;
      this.ticket = ticket;
    }
  }

  /** Hears of each change. */
  interface Watcher {
    /**
     * @param count how many there are, as the same line says
     */
    void told(Idea idea, Entry entry, int count);
  }

  private final Run run;
  private final Watcher watcher;
  private final Map<String, Idea> ideas = new HashMap<>();

  Audience(Run run, Watcher watcher) {
    this.run = run;
    this.watcher = watcher;
  }

  /** What the connections now in that room were told. */
  Iterable<Idea> of(String ticket) {
    return ideas.values().stream().filter(idea -> idea.ticket.equals(ticket)).toList();
  }

  /** Takes the next line. */
  void look(Entry entry) {
    Fact fact = entry.fact();
    if (fact instanceof Seen.UserJoined joined) {
      event(entry, joined.ticket(), joined.user(), true, joined.count());
    } else if (fact instanceof Seen.UserLeft left) {
      event(entry, left.ticket(), left.user(), false, left.count());
    } else if (fact instanceof Seen.PushedJoin pushed) {
      snapshot(entry, entry, pushed.ticket(), pushed.joined(), true);
    } else if (fact instanceof Seen.PutOut put) {
      ideas.remove(entry.conn() + " " + put.ticket());
    } else if (fact instanceof Link.Closed) {
      ideas.values().removeIf(idea -> idea.conn.equals(entry.conn()));
    } else if (fact instanceof Fact.Ok ok) {
      Entry asked = run.asked(ok.of());
      Op op = run.op(ok.of());
      if (op instanceof Op.Leave leave) {
        ideas.remove(asked.conn() + " " + leave.ticket());
      } else if (op instanceof Op.Join join && ok.result() instanceof Result.Joined joined) {
        // Events that came while a connection in the room asked may be newer than the answer.
        boolean first = !ideas.containsKey(asked.conn() + " " + join.ticket());
        snapshot(asked, entry, join.ticket(), joined, first);
      }
    }
  }

  private void event(Entry entry, String ticket, String user, boolean in, int count) {
    Idea idea = ideas.get(entry.conn() + " " + ticket);
    if (idea == null) {
      return;
    }
    if (in) {
      idea.users.add(user);
    } else {
      idea.users.remove(user);
    }
    told(idea, entry, count);
  }

  private void snapshot(
      Entry asked, Entry entry, String ticket, Result.Joined joined, boolean sure) {
    Idea idea = new Idea(asked.worker(), asked.conn(), ticket);
    idea.users.addAll(joined.participants());
    idea.since = entry;
    idea.sure = sure;
    ideas.put(asked.conn() + " " + ticket, idea);
    told(idea, entry, joined.count());
  }

  private void told(Idea idea, Entry entry, int count) {
    if (isSure(idea, entry)) {
      watcher.told(idea, entry, count);
    }
  }

  /** Who reads too slowly may miss who comes and goes, until the next snapshot. */
  boolean isSure(Idea idea, Entry at) {
    String user = run.user(idea.worker);
    RunHeader.Admission admission = run.header().users().get(user);
    return idea.sure
        && !run.header().isNarrow(user)
        && run.faults().spans().stream()
            .noneMatch(span -> Faults.stalls(span, admission)
                && span.fromNs() < at.ns()
                && span.toNs() > idea.since.ns());
  }
}
