package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;

/**
 * What a worker is given of a ticket, on all its connections, goes up by 1 from seq to seq: live
 * messages on live messages, on what a resume gave, and that on what it had before. Only after it was
 * told {@code recovered} false, in answer to a join or unasked, may it begin elsewhere or in another
 * epoch. A snapshot is whole up to the seq it bears.
 *
 * <p>How often it was told so after its first join is counted as {@code told_holes}: in a run that
 * keeps its data and all its messages, and whose workers always resume, that should be never, but it
 * is not claimed. What never came at all is {@link Agreement}'s.
 */
final class NoUntoldHole implements Property {
  @Override
  public void check(Run run, Findings findings) {
    Places.walk(run, new Places.Watcher() {
      @Override
      public void hole(Places.Place place, Entry entry, String what) {
        findings.count("holes");
        findings.violated(what, entry);
      }

      @Override
      public void begun(Places.Place place, Entry entry, Result.Joined joined) {
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
}
