package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Result;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is in a room is the same however it is said:
 *
 * <ul>
 *   <li>{@code participants_count} is the length of the list beside it, and, where it comes with {@code
 *       user_joined} or {@code user_left}, that of the list which the connection has by its snapshot and
 *       all such events since;
 *   <li>at the end, that list of each connection is the one that can be read by HTTP.
 * </ul>
 *
 * <p>Not judged for those whom the header names as perhaps too slow; where agents read nothing or little for a while, until their next snapshot: events are
 * dropped for who reads too slowly; nor after a second join on a connection that was in the room
 * already.
 */
final class ParticipantsAgree implements Property {
  @Override
  public void check(Run run, Findings findings) {
    Audience audience = new Audience(run, (idea, entry, count) -> {
      findings.count("counts");
      if (idea.users.size() != count) {
        findings.count("miscounts");
        findings.violated(
            idea.worker + " is told of " + count + " participants in ticket " + idea.ticket
                + ", and knows of " + idea.users,
            idea.since,
            entry);
      }
    });
    for (Entry entry : run.entries()) {
      audience.look(entry);
      if (entry.fact() instanceof Fact.Ok ok
          && ok.result() instanceof Result.Users users
          && users.count() != null) {
        findings.count("counts");
        if (users.count() != users.users().size()) {
          findings.count("miscounts");
          findings.violated(users.count() + " participants are " + users.users(), entry);
        }
      } else if (entry.fact() instanceof Final.Participants last) {
        last(audience, findings, entry, last);
      }
    }
  }

  private static void last(
      Audience audience, Findings findings, Entry entry, Final.Participants last) {
    Set<String> listed = new TreeSet<>(last.users());
    for (Audience.Idea idea : audience.of(last.ticket())) {
      if (audience.isSure(idea, entry) && !idea.users.equals(listed)) {
        findings.count("miscounts");
        findings.violated(
            idea.worker + " knows of " + idea.users + " in ticket " + last.ticket(),
            idea.since,
            entry);
      }
    }
  }
}
