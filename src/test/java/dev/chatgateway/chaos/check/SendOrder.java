package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Within a ticket and epoch, messages are numbered in the order in which they were sent, as far as that
 * order can be known:
 *
 * <ul>
 *   <li>what was accepted before another was first tried has the lower seq, whoever sent them and by
 *       whichever door and pod;
 *   <li>of two that were tried on one connection, the earlier one accepted by that attempt and the
 *       later one not tried before, the earlier one has the lower seq, though nobody waited for its
 *       answer.
 * </ul>
 *
 * <p>Nothing is claimed of messages that were under way at the same time on different connections, and
 * of retries only what their first attempt allows: it may have been stored then, or later. Where the
 * fault may lose data, it is counted as {@code misordered_store} when the message with the higher seq
 * is gone at the end: the store went back.
 */
final class SendOrder implements Property {
  /** The highest seq accepted so far, and where. */
  private record High(long seq, String id, Entry line) {}

  private final Set<String> stored = new HashSet<>();
  private boolean mayLoseData;

  @Override
  public void check(Run run, Findings findings) {
    mayLoseData = run.header().mayLoseData();
    run.logs().forEach(line -> Run.messages(line).forEach(message -> stored.add(message.id())));
    Map<String, List<Sendings.Sending>> byTicket = new HashMap<>();
    for (Sendings.Sending sending : new Sendings(run).all()) {
      byTicket.computeIfAbsent(sending.ticket, ticket -> new ArrayList<>()).add(sending);
    }
    for (List<Sendings.Sending> sendings : byTicket.values()) {
      Set<Sendings.Sending> known = new HashSet<>();
      inTime(sendings, findings, known);
      onConnections(sendings, findings, known);
    }
  }

  private void inTime(
      List<Sendings.Sending> sendings, Findings findings, Set<Sendings.Sending> known) {
    // Line to what happens there: a first attempt, or an acceptance.
    TreeMap<Long, Sendings.Sending> tried = new TreeMap<>();
    TreeMap<Long, Sendings.Attempt> accepted = new TreeMap<>();
    for (Sendings.Sending sending : sendings) {
      tried.put(sending.first().asked().n(), sending);
      for (Sendings.Attempt attempt : sending.attempts) {
        if (attempt.accepted() != null) {
          accepted.put(attempt.accepted().n(), attempt);
        }
      }
    }
    Map<String, High> highs = new HashMap<>();
    for (Sendings.Sending sending : tried.values()) {
      long from = sending.first().asked().n();
      while (!accepted.isEmpty() && accepted.firstKey() < from) {
        raise(highs, accepted.pollFirstEntry().getValue());
      }
      compare(sending, highs, findings, known);
    }
  }

  private void onConnections(
      List<Sendings.Sending> sendings, Findings findings, Set<Sendings.Sending> known) {
    TreeMap<Long, Sendings.Sending> tries = new TreeMap<>();
    Map<Long, Sendings.Attempt> attempts = new HashMap<>();
    for (Sendings.Sending sending : sendings) {
      for (Sendings.Attempt attempt : sending.attempts) {
        if (attempt.asked().conn() != null) {
          tries.put(attempt.asked().n(), sending);
          attempts.put(attempt.asked().n(), attempt);
        }
      }
    }
    Map<String, Map<String, High>> highs = new HashMap<>();
    tries.forEach((n, sending) -> {
      Sendings.Attempt attempt = attempts.get(n);
      Map<String, High> here =
          highs.computeIfAbsent(attempt.asked().conn(), conn -> new HashMap<>());
      if (attempt.equals(sending.first()) && !known.contains(sending)) {
        compare(sending, here, findings, known);
      }
      raise(here, attempt);
    });
  }

  private static void raise(Map<String, High> highs, Sendings.Attempt attempt) {
    Result.Accepted accepted = attempt.result();
    if (accepted != null) {
      High before = highs.get(accepted.epoch());
      if (before == null || before.seq() < accepted.seq()) {
        highs.put(accepted.epoch(), new High(accepted.seq(), accepted.id(), attempt.accepted()));
      }
    }
  }

  private void compare(
      Sendings.Sending sending,
      Map<String, High> highs,
      Findings findings,
      Set<Sendings.Sending> known) {
    Sendings.Attempt accepted = sending.accepted();
    if (accepted == null) {
      return;
    }
    High high = highs.get(accepted.result().epoch());
    if (high == null || accepted.result().seq() >= high.seq() || !known.add(sending)) {
      return;
    }
    if (mayLoseData && !stored.contains(high.id())) {
      findings.count("misordered_store");
    } else {
      findings.count("misordered");
      findings.violated(
          sending + " got " + accepted.result().seq() + ", after " + high.seq() + " was sent",
          high.line(),
          sending.first().asked(),
          accepted.accepted());
    }
  }
}
