package dev.chatgateway.socketio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds the bytes of all bodies that are held to be passed on. At the bound the oldest are given up:
 * an honest one is on its way within moments. May be used from any loop.
 */
final class HeldBodies {
  private final long maxBytes;
  private final Map<Runnable, Integer> held = new LinkedHashMap<>();
  private long bytes;

  HeldBodies(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Counts more bytes of a body.
   *
   * @param giveUp identifies the body; called once from any loop if the body is given up
   */
  void add(Runnable giveUp, int count) {
    List<Runnable> oldest = new ArrayList<>();
    synchronized (this) {
      held.merge(giveUp, count, Integer::sum);
      bytes += count;
      while (bytes > maxBytes) {
        Runnable next = held.keySet().iterator().next();
        bytes -= held.remove(next);
        oldest.add(next);
      }
    }
    oldest.forEach(Runnable::run);
  }

  /** Forgets a body that is held no more. */
  synchronized void remove(Runnable giveUp) {
    Integer count = held.remove(giveUp);
    if (count != null) {
      bytes -= count;
    }
  }

  /** Returns the bytes held now. */
  synchronized long bytes() {
    return bytes;
  }
}
