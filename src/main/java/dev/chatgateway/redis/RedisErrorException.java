package dev.chatgateway.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redis answered a command with an error: a defect here, or a Redis that can't do what is asked. */
public final class RedisErrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisErrorException(String message) {
    super(message, null, false, false);
  }

  boolean isNoScript() {
    return getMessage() != null && getMessage().startsWith("NOSCRIPT");
  }

  /**
   * Returns the word by which Redis says what is wrong: {@code OOM}, {@code READONLY}, {@code ERR};
   * of a script, that of the command inside. Never anything but capitals.
   */
  public String word() {
    Matcher inner = INNER.matcher(String.valueOf(getMessage()));
    String word = inner.find() ? inner.group(1) : code();
    return WORD.matcher(word).matches() ? word : "ERR";
  }

  /** Whether the server refuses for now: loading, read-only after a failover, out of memory. */
  public boolean isTransient() {
    String message = String.valueOf(getMessage());
    for (String code : TRANSIENT) {
      if (isOf(message, code)) {
        return true;
      }
    }
    return message.contains("OOM command not allowed");
  }

  /** Whether the server that refused is a replica. */
  static boolean isReadOnly(String message) {
    return message != null && isOf(message, "READONLY");
  }

  /** The first word of the error: its code. */
  String code() {
    String message = String.valueOf(getMessage());
    int end = message.indexOf(' ');
    return end < 0 ? message : message.substring(0, end);
  }

  /** The server that MOVED or ASK names; null where this is neither, or names none. */
  ServerAddress redirect() {
    String[] words = String.valueOf(getMessage()).split(" ");
    if (words.length < 3 || !(words[0].equals("MOVED") || words[0].equals("ASK"))) {
      return null;
    }
    int colon = words[2].lastIndexOf(':'); // an IPv6 address has more of them, and no brackets
    return colon < 1
        ? null
        : new ServerAddress(
            words[2].substring(0, colon), Integer.parseInt(words[2].substring(colon + 1)));
  }

  // Redis 6 wraps what a command inside of a script was refused with.
  private static boolean isOf(String message, String code) {
    return message.startsWith(code) || message.contains("-" + code + " ");
  }

  private static final Pattern INNER = Pattern.compile(" -([A-Z]{3,20}) ");
  private static final Pattern WORD = Pattern.compile("[A-Z]{1,20}");

  private static final String[] TRANSIENT = {
    "NOAUTH",
    "LOADING",
    "READONLY",
    "MASTERDOWN",
    "OOM",
    "BUSY",
    "NOREPLICAS",
    "TRYAGAIN",
    "CLUSTERDOWN",
    "MOVED",
    "ASK",
    "UNBLOCKED",
    "MISCONF"
  };
}
