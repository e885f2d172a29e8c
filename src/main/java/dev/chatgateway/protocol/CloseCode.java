package dev.chatgateway.protocol;

/** Why the gateway closes a WebSocket, and so whether its client should come back. */
public enum CloseCode {
  /** A normal end. */
  NORMAL(1000, "bye"),
  /** A frame that breaks RFC 6455. */
  PROTOCOL(1002, "not as RFC 6455 has it"),
  /** Binary where text is due. */
  UNSUPPORTED(1003, "text frames only"),
  /** Bytes that are not UTF-8. */
  NOT_UTF8(1007, "not UTF-8"),
  /** Too many bad frames. */
  POLICY(1008, "too many bad frames"),
  /** A frame over the limit. */
  TOO_BIG(1009, "frame over the limit"),
  /** A defect of the gateway; come back with backoff. */
  INTERNAL(1011, "internal error"),
  /** This pod is going; come back after the delay that was told. */
  RESTART(1012, "this pod is going away, reconnect"),
  /** Over capacity; come back with backoff. */
  OVER_CAPACITY(1013, "over capacity, try again later"),
  /** No token in time, or it expired or was revoked; come back with a new one. */
  UNAUTHENTICATED(4401, "not authenticated"),
  /** Kicked; do not come back. */
  KICKED(4403, "removed"),
  /** The outbound queue overflowed; come back and resume. */
  TOO_SLOW(4408, "too slow, reconnect and resume"),
  /** No pong; come back and resume. */
  NO_PONG(4409, "no pong"),
  /** A rate limit ignored, or too many connections; come back later. */
  RATE_LIMITED(4429, "rate limit ignored");

  private final int code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The status code of the WebSocket close frame. */
  public int code() {
    return code;
  }

  /** The reason sent along unless there is a better one; at most 123 bytes. */
  public String reason() {
    return reason;
  }
}
