package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.Set;

/**
 * Who may not enter a ticket hears nothing of it: no event that names the ticket comes on a connection
 * of a user whom the header does not admit to it, and whatever they ask about it on a connection is
 * refused as {@code forbidden}, or because the gateway could not or would not take anything just then.
 *
 * <p>{@code probes} counts what they asked and got {@code forbidden} for; where none was asked, that
 * half is kept for want of trying. Of bodies nothing is claimed, since histories have none.
 */
final class NothingToOutsiders implements Property {
  private static final Set<String> TELLS_NOTHING =
      Set.of("forbidden", "unavailable", "rate_limited", "unauthenticated", "internal");

  @Override
  public void check(Run run, Findings findings) {
    for (Entry entry : run.entries()) {
      if (entry.fact() instanceof Seen seen) {
        if (isOutside(run, entry.worker(), Tickets.of(seen))) {
          leak(findings, "is told of a ticket they may not enter", entry);
        }
      } else if (entry.fact() instanceof Fact.Ok ok) {
        if (isProbe(run, ok.of(), entry)) {
          leak(findings, "is granted what they may not", run.asked(ok.of()), entry);
        }
      } else if (entry.fact() instanceof Fact.Fail fail && isProbe(run, fail.of(), entry)) {
        if (!TELLS_NOTHING.contains(fail.code())) {
          leak(findings, "is refused with more than forbidden", run.asked(fail.of()), entry);
        } else if (fail.code().equals("forbidden")) {
          findings.count("probes");
        }
      }
    }
  }

  private static boolean isProbe(Run run, long of, Entry outcome) {
    Entry asked = run.asked(of);
    return asked != null
        && asked.conn() != null
        && isOutside(run, asked.worker(), run.ticket(outcome));
  }

  private static boolean isOutside(Run run, String worker, String ticket) {
    String user = run.user(worker);
    if (user == null || ticket == null) {
      return false;
    }
    RunHeader.Admission admission = run.header().users().get(user);
    return admission == null || !admission.to(ticket);
  }

  private static void leak(Findings findings, String what, Entry... lines) {
    findings.count("leaks");
    findings.violated(lines[0].worker() + " " + what, lines);
  }
}
