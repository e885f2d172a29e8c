package dev.chatgateway.ticket;

import dev.chatgateway.protocol.ChatException;

/** A message's status; it only ever moves up. */
public enum Status {
  SENT("sent", 's'),
  DELIVERED("delivered", 'd'),
  READ("read", 'r');

  private final String wire;
  private final char letter;

  Status(String wire, char letter) {
    this.wire = wire;
    this.letter = letter;
  }

  /** The status as it stands on the wire. */
  public String wire() {
    return wire;
  }

  /** The status as it is stored. */
  char letter() {
    return letter;
  }

  /**
   * The status of that stored letter.
   *
   * @throws IllegalArgumentException where it is none
   */
  static Status ofLetter(String letter) {
    for (Status status : values()) {
      if (letter.length() == 1 && letter.charAt(0) == status.letter) {
        return status;
      }
    }
    throw new IllegalArgumentException("no status");
  }

  /**
   * The status of that name.
   *
   * @throws ChatException {@code bad_request} where it is none
   */
  public static Status ofWire(String wire, String path) {
    for (Status status : values()) {
      if (status.wire.equals(wire)) {
        return status;
      }
    }
    throw ChatException.badRequest(path, "must be sent, delivered or read");
  }
}
