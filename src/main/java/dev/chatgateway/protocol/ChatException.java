package dev.chatgateway.protocol;

/**
 * An outcome the caller is told as an error. It is control flow rather than a defect, so it carries
 * no stack trace; its message goes to the client and must help without giving anything away.
 */
public final class ChatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final long retryAfterMs;
  private final CloseCode closeCode;
  private final String closeReason;

  public ChatException(ErrorCode code, String message) {
    this(code, message, -1);
  }

  private ChatException(ErrorCode code, String message, long retryAfterMs) {
    this(code, message, retryAfterMs, null, null);
  }

  private ChatException(
      ErrorCode code, String message, long retryAfterMs, CloseCode closeCode, String closeReason) {
    super(message, null, false, false);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.closeCode = closeCode;
    this.closeReason = closeReason;
  }

  /** A {@code bad_request} that names the JSON path that is wrong. */
  public static ChatException badRequest(String path, String problem) {
    return new ChatException(ErrorCode.BAD_REQUEST, path + ": " + problem);
  }

  /** A {@code rate_limited} that says how long to wait, in milliseconds. */
  public static ChatException rateLimited(String what, long retryAfterMs) {
    return new ChatException(
        ErrorCode.RATE_LIMITED,
        what + "; try again in " + retryAfterMs + " ms",
        Math.max(1, retryAfterMs));
  }

  /** The one answer to whoever may not enter a ticket, whether or not it exists. */
  public static ChatException forbiddenTicket() {
    return new ChatException(ErrorCode.FORBIDDEN, "your token does not admit you to this ticket");
  }

  /** The store could not be asked, or did not answer in time. */
  public static ChatException unavailable() {
    return new ChatException(
        ErrorCode.UNAVAILABLE, "the message store is out of reach; try again shortly");
  }

  /** What is needed to answer is out of reach; says how long to wait, in milliseconds. */
  public static ChatException unavailable(String what, long retryAfterMs) {
    return new ChatException(ErrorCode.UNAVAILABLE, what, Math.max(1, retryAfterMs));
  }

  /** Returns the same error, after which the connection is to be closed with that code. */
  public ChatException closing(CloseCode with, String reason) {
    return new ChatException(code, getMessage(), retryAfterMs, with, reason);
  }

  /** The code to close the connection with once the error is told, or null. */
  public CloseCode closeCode() {
    return closeCode;
  }

  /** The reason to close the connection with; null without a code. */
  public String closeReason() {
    return closeReason;
  }

  public ErrorCode code() {
    return code;
  }

  /** Milliseconds to wait before trying again, or -1 where that isn't known. */
  public long retryAfterMs() {
    return retryAfterMs;
  }
}
