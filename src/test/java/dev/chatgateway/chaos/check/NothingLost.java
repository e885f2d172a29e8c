package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Every message that was accepted, from a client or from the ticket system, is in the log of its
 * ticket at the end.
 *
 * <p>Where the fault may lose data, a message that is gone is counted as {@code lost_store} instead,
 * provided that it was accepted when the store may have lost it, by what the fault did and when, and that
 * the ticket has another epoch than the one it was accepted in: clients were told. One
 * that is gone without a new epoch is a violation there, too; so is one that was accepted long enough
 * before the copy that the store went back to, or asked for after the fault's end; and so is any where
 * what was accepted must be kept. Not claimed of messages that are older
 * than as many as are kept, nor of what was sent and never accepted.
 */
final class NothingLost implements Property {
  @Override
  public void check(Run run, Findings findings) {
    Map<String, Set<String>> stored = new HashMap<>();
    for (Sendings.Sending sending : new Sendings(run).all()) {
      Final.Log log = run.log(sending.ticket);
      if (log == null) {
        continue; // WellRecorded says so
      }
      Set<String> ids = stored.computeIfAbsent(sending.ticket, ticket -> ids(log));
      Set<String> missed = new HashSet<>();
      for (Sendings.Attempt attempt : sending.attempts) {
        Result.Accepted accepted = attempt.result();
        if (accepted != null && !ids.contains(accepted.id()) && missed.add(accepted.id())) {
          missing(run, findings, sending, attempt, log);
        }
      }
    }
  }

  private static void missing(
      Run run,
      Findings findings,
      Sendings.Sending sending,
      Sendings.Attempt attempt,
      Final.Log log) {
    Result.Accepted accepted = attempt.result();
    boolean sameEpoch = accepted.epoch().equals(log.epoch());
    boolean keeps = run.header().keepsAccepted();
    // A ticket that went back, but not behind what was accepted, goes on counting.
    if ((sameEpoch || keeps || !run.losses().excuse(attempt.asked(), attempt.accepted()))
        && accepted.seq() <= end(log) - run.header().bounds().kept()) {
      findings.count("trimmed");
    } else if (run.header().mayLoseData()
        && !keeps
        && !sameEpoch
        && run.losses().excuse(attempt.asked(), attempt.accepted())) {
      findings.count("lost_store");
    } else {
      findings.count("lost");
      findings.violated(
          sending + " was accepted as " + accepted.id() + " and is gone", attempt.accepted());
    }
  }

  private static Set<String> ids(Final.Log log) {
    Set<String> ids = new HashSet<>();
    for (Message message : log.messages()) {
      ids.add(message.id());
    }
    return ids;
  }

  private static long end(Final.Log log) {
    return log.messages().isEmpty()
        ? 0
        : log.messages().get(log.messages().size() - 1).seq();
  }
}
