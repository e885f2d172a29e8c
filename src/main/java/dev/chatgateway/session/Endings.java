package dev.chatgateway.session;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ErrorCode;

/** The errors after which a connection is closed, each with the code it is closed with. */
public final class Endings {
  private static final long FULL_RETRY_MS = 5000;

  private Endings() {}

  /** No token came within {@link LimitsConfig#authenticationTimeout}. */
  static ChatException noTokenInTime() {
    return new ChatException(
            ErrorCode.UNAUTHENTICATED, "no token came in time; connect again and send one")
        .closing(CloseCode.UNAUTHENTICATED, "no token in time");
  }

  /** The token has ended, and no newer one came. */
  static ChatException tokenExpired() {
    return new ChatException(
            ErrorCode.INVALID_TOKEN, "your token has expired; connect again with a new one")
        .closing(CloseCode.UNAUTHENTICATED, "token expired");
  }

  /** The pod has as many connections as it may. */
  static ChatException podFull() {
    return new ChatException(
            ErrorCode.UNAVAILABLE, "the pod has as many connections as it may; try again later")
        .closing(CloseCode.OVER_CAPACITY, CloseCode.OVER_CAPACITY.reason());
  }

  /** The user has as many connections as a user may. */
  public static ChatException userFull(int max) {
    return ChatException.rateLimited("more than " + max + " connections", FULL_RETRY_MS)
        .closing(CloseCode.RATE_LIMITED, "too many connections");
  }

  /** The ticket system has ended the connections of the user. */
  public static ChatException byTicketSystem() {
    return new ChatException(
            ErrorCode.UNAUTHENTICATED, "the ticket system has closed your connections")
        .closing(CloseCode.UNAUTHENTICATED, "closed by the ticket system");
  }
}
