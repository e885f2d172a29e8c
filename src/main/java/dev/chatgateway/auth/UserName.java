package dev.chatgateway.auth;

/** Names of users as they are shown to others. */
public final class UserName {
  /** Longest name, in characters. */
  public static final int MAX_LENGTH = 128;

  private static final int REPLACEMENT = 0xFFFD;

  private UserName() {}

  /**
   * That name, made fit to be shown: names travel in lines of text and are shown to people, so they
   * have no control characters, U+FFFD for half characters, and a length that fits.
   *
   * @param userId what takes the place of a name of which nothing is left
   */
  public static String shown(String name, String userId) {
    String shown = name.codePoints()
        .filter(c -> !Character.isISOControl(c))
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
        .limit(MAX_LENGTH)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip();
    return shown.isEmpty() ? userId : shown;
  }
}
