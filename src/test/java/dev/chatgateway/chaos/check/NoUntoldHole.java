package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a worker is given of a ticket, on all its connections, goes up by 1 from seq to seq: live
 * messages on live messages, on what a resume gave, and that on what it had before. Only after it was
 * told {@code recovered} false, in answer to a join or unasked, may it begin elsewhere or in another
 * epoch. A snapshot is whole up to the seq it bears.
 *
 * <p>Nor is {@code recovered} true told to one whose last message is not the one with that seq any more:
 * because another had it, as somebody was told later than of the first and before the answer, or because
 * another has it in the log at the end, in the same epoch. That holds whatever the store may have lost.
 *
 * <p>How often it was told so after its first join is counted as {@code told_holes}: in a run that
 * keeps its data and all its messages, and whose workers always resume, that should be never, but it
 * is not claimed. What never came at all is {@link Agreement}'s.
 */
final class NoUntoldHole implements Property {
  private record At(String ticket, String epoch, long seq) {}

  @Override
  public void check(Run run, Findings findings) {
    Map<At, Map<String, Entry>> bound = bound(run);
    Map<String, Message> last = new HashMap<>();
    Places.walk(run, new Places.Watcher() {
      @Override
      public void hole(Places.Place place, Entry entry, String what) {
        findings.count("holes");
        findings.violated(what, entry);
      }

      @Override
      public void taken(Places.Place place, Entry entry, Message message) {
        last.put(place.worker + " " + place.ticket, message);
      }

      @Override
      public void recovered(Places.Place place, Entry entry) {
        Message has = last.get(place.worker + " " + place.ticket);
        if (has == null || has.seq() != place.seq) {
          return;
        }
        Entry other = another(run, bound, place, has, entry);
        if (other != null) {
          findings.count("holes");
          findings.violated(
              "recovered for " + place + " with " + has.id() + ", which is another by then",
              other,
              entry);
        }
      }

      @Override
      public void begun(Places.Place place, Entry entry, Result.Joined joined) {
        last.remove(place.worker + " " + place.ticket);
        if (place.begins > 1) {
          findings.count("told_holes");
        }
      }

      @Override
      public void stray(Entry entry, Message message) {
        findings.count("strays");
      }
    });
  }

  /** The line that shows that the seq was another's when that was answered; null where none does. */
  private static Entry another(
      Run run, Map<At, Map<String, Entry>> bound, Places.Place place, Message has, Entry answer) {
    Map<String, Entry> ids = bound.get(new At(place.ticket, place.epoch, place.seq));
    Entry first = ids.get(has.id());
    for (Map.Entry<String, Entry> other : ids.entrySet()) {
      Entry line = other.getValue();
      boolean later = line.n() > first.n() && line.n() < answer.n();
      if (!other.getKey().equals(has.id()) && (later || isLogged(run, place, other.getKey()))) {
        return line;
      }
    }
    return null;
  }

  private static boolean isLogged(Run run, Places.Place place, String id) {
    Final.Log log = run.log(place.ticket);
    return log != null
        && log.epoch().equals(place.epoch)
        && log.messages().stream()
            .anyMatch(message -> message.seq() == place.seq && message.id().equals(id));
  }

  /** Which messages had a seq, and the first line to say so. */
  private static Map<At, Map<String, Entry>> bound(Run run) {
    Map<At, Map<String, Entry>> bound = new HashMap<>();
    for (Entry entry : run.entries()) {
      for (Message message : Run.messages(entry)) {
        bind(run, bound, entry, message.seq(), message.id());
      }
      if (entry.fact() instanceof Fact.Ok ok && ok.result() instanceof Result.Accepted accepted) {
        bind(run, bound, entry, accepted.seq(), accepted.id());
      }
    }
    return bound;
  }

  private static void bind(
      Run run, Map<At, Map<String, Entry>> bound, Entry entry, long seq, String id) {
    bound
        .computeIfAbsent(
            new At(run.ticket(entry), Run.epoch(entry), seq), at -> new LinkedHashMap<>(2))
        .putIfAbsent(id, entry);
  }
}
