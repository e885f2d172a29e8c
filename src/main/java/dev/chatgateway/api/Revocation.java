package dev.chatgateway.api;

import dev.chatgateway.protocol.ChatException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** Up to when a user's tokens are refused: {@code now}, an ISO-8601 instant, or ms since 1970. */
final class Revocation {
  /** No token is refused. */
  static final long NONE = 0;

  /** Tokens issued up to now, as Redis's clock has it, are refused. */
  static final long NOW = -1;

  private static final Pattern MS = Pattern.compile("[1-9][0-9]{0,15}");
  // Clocks differ; but a revocation can't be taken back, and one of the far future would lock the
  // user out until then.
  private static final Duration MAX_AHEAD = Duration.ofMinutes(1);

  private Revocation() {}

  /**
   * The ms since 1970 that text says, or {@link #NONE} or {@link #NOW}.
   *
   * @throws ChatException {@code bad_request} naming the path, where it says none
   */
  static long parse(String text, String path, Instant now) {
    if (text == null) {
      return NONE;
    }
    if (text.equals("now")) {
      return NOW;
    }
    long ms = ms(text, path);
    if (ms <= 0) {
      throw ChatException.badRequest(path, "must be after 1970");
    }
    if (ms > now.plus(MAX_AHEAD).toEpochMilli()) {
      throw ChatException.badRequest(path, "must not be in the future");
    }
    return ms;
  }

  private static long ms(String text, String path) {
    try {
      return MS.matcher(text).matches()
          ? Long.parseLong(text)
          : Instant.parse(text).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw ChatException.badRequest(path, "must be now, an ISO-8601 instant, or ms since 1970");
    }
  }
}
