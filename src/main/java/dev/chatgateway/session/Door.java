package dev.chatgateway.session;

/** A front door that holds more than sessions, as a pod sees it that stops. Called from anywhere. */
public interface Door {
  /**
   * Sends away what is not, or not yet, a session of this pod. No more of that is let in, but what was
   * on its way may still come: this is called again and again.
   */
  void clear();

  /** Whether all clients have been told, so that the process may end. */
  boolean isClear();
}
