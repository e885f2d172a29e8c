package dev.chatgateway.auth;

import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Which pages may connect: against cross-site WebSocket hijacking. */
@Singleton
public class Origins {
  private final Set<String> allowed;

  Origins(OriginConfig config) {
    allowed = config.allowedOrigins().map(Set::copyOf).orElse(Set.of());
  }

  /**
   * Whether a request may go on.
   *
   * @param origin its Origin header, or null
   * @param host its Host header, or null
   */
  public boolean admits(String origin, String host) {
    if (origin == null) {
      return true;
    }
    if (!allowed.isEmpty()) {
      return allowed.contains(origin);
    }
    return host != null && host.toLowerCase(Locale.ROOT).equals(hostOf(origin));
  }

  private static String hostOf(String origin) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
