package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ticket has one order for all: within an epoch a seq is that of one message, in every live event,
 * snapshot, page, answer to a sender, view, and in the log; and every list of messages goes up by 1. With
 * {@link NoUntoldHole}, which has every worker take messages by their seq, all show the same order.
 *
 * <p>Where the fault may lose data, a store that went back may give a seq again before anybody has
 * noticed, and the new epoch follows then. So two messages with one seq are counted as {@code
 * seq_reused_store} there, provided that only one of them is in the log at the end.
 */
final class OneOrder implements Property {
  private record At(String ticket, String epoch, long seq) {}

  private record Bound(String id, Entry line) {}

  @Override
  public void check(Run run, Findings findings) {
    Map<At, Bound> bound = new HashMap<>();
    Set<String> stored = new HashSet<>();
    for (Entry line : run.logs()) {
      ((Final.Log) line.fact()).messages().forEach(message -> stored.add(message.id()));
    }
    for (Entry entry : run.entries()) {
      List<Message> messages = Run.messages(entry);
      long before = 0;
      for (Message message : messages) {
        if (before != 0 && message.seq() != before + 1) {
          findings.count("reordered");
          findings.violated(message.seq() + " follows on " + before, entry);
        }
        before = message.seq();
        bind(run, findings, bound, stored, entry, message.seq(), message.id());
      }
      if (entry.fact() instanceof Fact.Ok ok && ok.result() instanceof Result.Accepted accepted) {
        bind(run, findings, bound, stored, entry, accepted.seq(), accepted.id());
      }
    }
  }

  private static void bind(
      Run run,
      Findings findings,
      Map<At, Bound> bound,
      Set<String> stored,
      Entry entry,
      long seq,
      String id) {
    At at = new At(run.ticket(entry), Run.epoch(entry), seq);
    Bound before = bound.putIfAbsent(at, new Bound(id, entry));
    if (before == null || before.id().equals(id)) {
      return;
    }
    boolean bothStored = stored.contains(id) && stored.contains(before.id());
    if (run.header().mayLoseData() && !bothStored) {
      findings.count("seq_reused_store");
    } else {
      findings.count("reordered");
      findings.violated(
          at + " is " + before.id() + " to one and " + id + " to another", before.line(), entry);
    }
  }
}
