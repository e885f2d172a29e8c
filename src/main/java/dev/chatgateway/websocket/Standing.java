package dev.chatgateway.websocket;

import java.util.ArrayList;
import java.util.List;

/** The trust in one client, as the layer above sets it. On the session's loop, unless noted. */
public final class Standing {
  private final List<Runnable> waiting = new ArrayList<>(0);
  private volatile Trust trust = Trust.NONE;

  /** Returns the present trust. May be called from anywhere. */
  public Trust trust() {
    return trust;
  }

  /** Sets the trust and runs what waits for a decision, if this is one. */
  public void set(Trust now) {
    trust = now;
    if (now != Trust.UNDECIDED && !waiting.isEmpty()) {
      List<Runnable> due = List.copyOf(waiting);
      waiting.clear();
      due.forEach(Runnable::run);
    }
  }

  /** Runs the action at once, or after the decision that is due. */
  public void onceDecided(Runnable action) {
    if (trust == Trust.UNDECIDED) {
      waiting.add(action);
    } else {
      action.run();
    }
  }
}
