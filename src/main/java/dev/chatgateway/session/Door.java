package dev.chatgateway.session;

import java.time.Duration;

/** A front door that holds more than sessions, as a pod sees it that stops. Called from anywhere. */
public interface Door {
  /** How many connections there are that end with this pod and are no sessions of it. */
  int others();

  /**
   * Sends those away, evenly over that time, and lets go of what would be cut off. Nothing new comes
   * in, but what was on its way may: this is called again and again.
   */
  void clear(Duration over);

  /** Whether nobody is left who has still to be told something. */
  boolean isClear();
}
