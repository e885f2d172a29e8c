package dev.chatgateway.protocol;

/** Every error a caller can be told, on the sockets and over HTTP alike. */
public enum ErrorCode {
  /** A malformed frame or field; the message names the JSON path. */
  BAD_REQUEST("bad_request", 400, false),
  /** The frame's {@code event} is not one the gateway knows. */
  UNKNOWN_EVENT("unknown_event", 400, false),
  /** The connection has not presented a token yet. */
  UNAUTHENTICATED("unauthenticated", 401, false),
  /** The token is malformed, expired, revoked, or not signed by the configured issuer. */
  INVALID_TOKEN("invalid_token", 401, false),
  /** What the client says of itself contradicts its token. */
  IDENTITY_MISMATCH("identity_mismatch", 403, false),
  /** Not allowed, or there is no such ticket: callers can't tell which. */
  FORBIDDEN("forbidden", 403, false),
  /** The connection has not joined that ticket. */
  NOT_JOINED("not_joined", 409, false),
  /** The ticket takes no more messages from clients. */
  TICKET_CLOSED("ticket_closed", 409, false),
  /** A field or body is over its limit. */
  TOO_LARGE("too_large", 413, false),
  /** Too often; the error carries {@code retry_after_ms}. */
  RATE_LIMITED("rate_limited", 429, true),
  /**
   * Redis, or the keys of a token's issuer, are out of reach: nothing was stored, or a retry with the
   * same id is harmless.
   */
  UNAVAILABLE("unavailable", 503, true),
  /** A defect of the gateway. */
  INTERNAL("internal", 500, false);

  private final String wire;
  private final int httpStatus;
  private final boolean retry;

  ErrorCode(String wire, int httpStatus, boolean retry) {
    this.wire = wire;
    this.httpStatus = httpStatus;
    this.retry = retry;
  }

  /** The code as it stands on the wire. */
  public String wire() {
    return wire;
  }

  /** The HTTP status that goes with it. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Whether the same request may succeed later, unchanged. */
  public boolean retry() {
    return retry;
  }
}
