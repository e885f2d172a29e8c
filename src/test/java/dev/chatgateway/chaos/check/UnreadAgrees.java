package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import java.util.List;

/**
 * What a user is told at the end to have not read is the number of messages of others in the log after
 * the last one they marked as read, up to the message that it was told with.
 *
 * <p>Marks without an answer may have been done or not: then any number between is right. The same is
 * true of marks from an epoch that is not that of the log, and, where the fault may lose data, of those
 * from before its end: marks need not outlast a failover. {@code unread_marked} counts those of users
 * whose mark was granted, and who have messages after it: without them, marks were not tried. Not judged where the log no longer has all
 * messages after the mark; and nothing is claimed of counts that were told before the end.
 */
final class UnreadAgrees implements Property {

  /**
   * The least and the most that is right.
   *
   * @param marked a read mark of the user counts for sure
   */
  record Range(long least, long most, boolean marked) {}

  @Override
  public void check(Run run, Findings findings) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Final.Unread unread) {
        Range range = range(run, entry, unread);
        if (range == null) {
          findings.count("unread_not_judged");
          continue;
        }
        findings.count("unread_judged");
        if (range.marked() && range.least() > 0) {
          findings.count("unread_marked");
        }
        if (unread.unread() < range.least() || unread.unread() > range.most()) {
          findings.count("unread_wrong");
          findings.violated(
              unread.user() + " has " + range.least()
                  + (range.least() == range.most() ? "" : " to " + range.most())
                  + " unread in ticket " + unread.ticket() + " and was told " + unread.unread(),
              entry);
        }
      }
    }
  }

  /** Null where it can't be known. */
  static Range range(Run run, Entry line, Final.Unread unread) {
    Final.Log log = run.log(unread.ticket());
    if (log == null || log.messages().isEmpty()) {
      return null;
    }
    long surely = 0;
    long perhaps = 0;
    for (Entry entry : run.entries()) {
      if (entry.n() < line.n()
          && entry.fact() instanceof Fact.Invoke invoke
          && invoke.op() instanceof Op.Mark mark
          && mark.status().equals("read")
          && mark.ticket().equals(unread.ticket())
          && unread.user().equals(run.user(entry.worker()))) {
        long upTo = upTo(run, mark);
        Entry outcome = run.outcome(entry);
        boolean done = outcome != null && outcome.fact() instanceof Fact.Ok;
        boolean same =
            mark.epoch() == null ? !run.header().mayLoseData() : mark.epoch().equals(log.epoch());
        boolean kept = !run.header().mayLoseData()
            || run.stop() != null && entry.n() > run.stop().n();
        if (done && same && kept) {
          surely = Math.max(surely, upTo);
        }
        if (done || run.isOpen(entry)) {
          perhaps = Math.max(perhaps, upTo);
        }
      }
    }
    perhaps = Math.max(perhaps, surely);
    if (log.messages().get(0).seq() > surely + 1) {
      return null;
    }
    return new Range(
        after(log.messages(), perhaps, unread), after(log.messages(), surely, unread), surely > 0);
  }

  /** The same, had the user never marked anything. */
  static long unmarked(Run run, Final.Unread unread) {
    return after(run.log(unread.ticket()).messages(), 0, unread);
  }

  private static long upTo(Run run, Op.Mark mark) {
    long upTo = mark.upToSeq();
    if (mark.ids() != null) {
      for (String id : mark.ids()) {
        upTo = Math.max(upTo, run.seq(id));
      }
    }
    return upTo;
  }

  private static long after(List<Message> messages, long seq, Final.Unread unread) {
    return messages.stream()
        .filter(message -> message.seq() > seq && message.seq() <= unread.seq())
        .filter(message -> !message.user().equals(unread.user()))
        .count();
  }
}
