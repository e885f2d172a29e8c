package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Nothing is called {@code delivered} or {@code read} before the reader could have seen it. Where an
 * event says that a user's mark moved a message, a worker of that user had asked for such a mark
 * before, one that covers the message; where a snapshot, page, status or the log says it without a
 * name, some user other than the author had, or the ticket system had set it.
 *
 * <p>A mark covers the messages it names and, by seq (and with {@code read}, by the last it names),
 * all before, as the protocol has it: but never beyond the last message of the ticket that one of the
 * user's workers had been given, live, by a snapshot or page, in a notification, or as accepted from itself, before the
 * mark was asked for. So a message before that one, which the user never fetched, may be read: marking
 * one as read says so of all before it. Which epoch a mark named is not considered.
 */
final class ReadOnlyAfterSeen implements Property {
  private static final class Reader {
    /** Seq of the last message given, by rank of the mark that covers all up to there. */
    final long[] upTo = new long[3];

    final Set<String> named = new HashSet<>();
    final Set<String> given = new HashSet<>();
    long lastGiven;

    boolean covers(String id, long seq, int rank) {
      return upTo[Status.READ] >= seq
          || rank == Status.DELIVERED && (upTo[Status.DELIVERED] >= seq || named.contains(id));
    }
  }

  @Override
  public void check(Run run, Findings findings) {
    new Walk(run, findings).walk();
  }

  private static final class Walk {
    private final Run run;
    private final Findings findings;
    /** Ticket to user to what they have and have marked. */
    private final Map<String, Map<String, Reader>> readers = new HashMap<>();
    /** Status and id of what the ticket system set. */
    private final Set<String> set = new HashSet<>();

    private final Set<String> justified = new HashSet<>();

    Walk(Run run, Findings findings) {
      this.run = run;
      this.findings = findings;
    }

    void walk() {
      run.entries().forEach(this::look);
    }

    private void look(Entry entry) {
      Fact fact = entry.fact();
      if (fact instanceof Fact.Invoke invoke) {
        if (invoke.op() instanceof Op.Mark mark) {
          mark(run.user(entry.worker()), mark);
        } else if (invoke.op() instanceof Op.SetStatus status) {
          for (int rank = Status.rank(status.status()); rank > 0; rank--) {
            set.add(rank + " " + status.id());
          }
        }
        return;
      }
      if (fact instanceof Seen.StatusUpdate update) {
        byName(entry, update);
      }
      for (Run.Stated stated : Run.statuses(entry)) {
        byAnyone(entry, run.ticket(entry), stated.id(), stated.author(), stated.rank());
      }
      give(entry);
    }

    private void give(Entry entry) {
      if (entry.fact() instanceof Final) {
        return;
      }
      String user = run.user(run.worker(entry));
      if (user == null) {
        return;
      }
      if (entry.fact() instanceof Fact.Ok ok && ok.result() instanceof Result.Accepted accepted) {
        give(user, run.ticket(entry), accepted.id(), accepted.seq());
      }
      if (entry.fact() instanceof Seen.Notification notification) {
        give(user, notification.ticket(), notification.id(), notification.seq());
      }
      for (Message message : Run.messages(entry)) {
        give(user, run.ticket(entry), message.id(), message.seq());
      }
    }

    private void give(String user, String ticket, String id, long seq) {
      Reader reader = reader(user, ticket);
      reader.given.add(id);
      reader.lastGiven = Math.max(reader.lastGiven, seq);
    }

    private Reader reader(String user, String ticket) {
      return readers
          .computeIfAbsent(ticket, any -> new HashMap<>())
          .computeIfAbsent(user, any -> new Reader());
    }

    private void mark(String user, Op.Mark mark) {
      Reader reader = reader(user, mark.ticket());
      int rank = Status.rank(mark.status());
      long upTo = Math.min(mark.upToSeq(), reader.lastGiven);
      if (mark.ids() != null) {
        for (String id : mark.ids()) {
          if (reader.given.contains(id)) {
            reader.named.add(id);
            upTo = rank == Status.READ ? Math.max(upTo, run.seq(id)) : upTo;
          }
        }
      }
      reader.upTo[rank] = Math.max(reader.upTo[rank], upTo);
    }

    private void byName(Entry entry, Seen.StatusUpdate update) {
      int rank = Status.rank(update.status());
      if (rank == Status.SENT || set.contains(rank + " " + update.id())) {
        return;
      }
      if (!reader(update.user(), update.ticket()).covers(update.id(), run.seq(update.id()), rank)) {
        findings.count("read_unseen");
        findings.violated(
            update.id() + " is " + update.status() + " by " + update.user()
                + ", who had not marked what they had",
            entry);
      }
    }

    private void byAnyone(Entry entry, String ticket, String id, String author, int rank) {
      if (rank == Status.SENT
          || set.contains(rank + " " + id)
          || justified.contains(rank + " " + id)) {
        return;
      }
      boolean marked = readers.getOrDefault(ticket, Map.of()).entrySet().stream()
          .anyMatch(reader ->
              !reader.getKey().equals(author) && reader.getValue().covers(id, run.seq(id), rank));
      if (marked) {
        justified.add(rank + " " + id);
      } else {
        findings.count("read_unseen");
        findings.violated(
            id + " is " + Status.name(rank) + ", and nobody had marked what they had", entry);
      }
    }
  }
}
