package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fault;
import java.util.ArrayList;
import java.util.List;

/** When what the store took need not be there at the end. */
final class Losses {
  /** What a server takes is on its disk, or with its replicas, at the latest after that. */
  private static final long LAG_NS = 3_000_000_000L;

  private record Window(String target, long fromNs, long toNs) {}

  private final List<Window> windows = new ArrayList<>();

  Losses(List<Entry> entries) {
    List<Window> open = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.fact() instanceof Fault.Loses loses) {
        long from = loses.everything() ? 0 : entry.ns() - LAG_NS;
        open.add(new Window(loses.target(), from, Faults.NEVER));
      } else if (entry.fact() instanceof Fault.Ends ends) {
        open.removeIf(window -> {
          boolean over = window.target().equals(ends.target());
          if (over) {
            windows.add(new Window(window.target(), window.fromNs(), entry.ns()));
          }
          return over;
        });
      }
    }
    windows.addAll(open);
  }

  /** Whether what was asked for and granted then may have been lost. */
  boolean excuse(Entry asked, Entry granted) {
    return windows.stream()
        .anyMatch(window -> window.fromNs() <= granted.ns() && asked.ns() <= window.toNs());
  }
}
