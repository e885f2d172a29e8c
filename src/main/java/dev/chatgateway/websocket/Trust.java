package dev.chatgateway.websocket;

/** How far a client is known, and so how large its messages may be. */
public enum Trust {
  /** Unknown: only small messages are read. */
  NONE,
  /** A token is being verified: larger messages wait for the outcome. */
  UNDECIDED,
  /** Authenticated: for the rest of the connection. */
  FULL
}
