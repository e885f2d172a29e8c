package dev.chatgateway.auth;

/** The token in a header {@code Authorization: Bearer …}. */
public final class BearerToken {
  private static final String SCHEME = "bearer ";

  private BearerToken() {}

  /**
   * The token.
   *
   * @param authorization the header's value, or null
   * @return null where there is no header, or it is of another scheme
   */
  public static String of(String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : null;
  }
}
