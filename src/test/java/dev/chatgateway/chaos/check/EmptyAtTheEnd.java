package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Final;

/**
 * Once all clients have gone, and longer ago than the bound for ghosts, no pod shows anybody in a room
 * or as connected: whatever the gateway has kept of a connection that has ended, while its user was
 * there by another, is seen then.
 *
 * <p>Who is shown before the bound is over is not judged. What is left in the store of rooms and users
 * that can't be asked for is not seen.
 */
final class EmptyAtTheEnd implements Property {
  @Override
  public void check(Run run, Findings findings) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Final.Remaining remaining) {
        remaining
            .participants()
            .forEach((ticket, users) -> users.forEach(
                user -> judge(run, findings, entry, user, "is shown in ticket " + ticket)));
        remaining.connections().forEach((user, count) -> {
          if (count > 0) {
            judge(run, findings, entry, user, "is called connected, " + count + " times,");
          }
        });
      }
    }
  }

  private static void judge(Run run, Findings findings, Entry line, String user, String what) {
    long gone = run.stays().disconnected(user);
    long boundMs = run.header().bounds().ghostMs();
    if (gone >= 0 && line.ns() > run.faults().due(gone, boundMs, Faults::storeAway)) {
      findings.count("remaining");
      findings.violated(
          user + " " + what + " " + (line.ns() - gone) / 1_000_000
              + " ms after their last connection",
          line);
    }
  }
}
