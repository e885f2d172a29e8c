package dev.chatgateway.auth;

import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decides which pages may connect: against cross-site WebSocket hijacking. */
@Singleton
public class Origins {
  private static final String PROPERTY = "chat.socket.allowed-origins";
  // Of pages without an origin, such as those of a file.
  private static final String OPAQUE = "null";
  private static final Pattern ORIGIN = Pattern.compile(
      "(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>[a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::(?<port>[0-9]{1,5}))?/?");

  private final Set<String> allowed;
  private final boolean sameOrigin;

  /**
   * Reads the list.
   *
   * @throws IllegalArgumentException if an entry is no origin
   */
  Origins(OriginConfig config) {
    allowed = config.allowedOrigins().map(Origins::read).orElse(Set.of());
    sameOrigin = config.sameOrigin();
  }

  private static Set<String> read(List<String> list) {
    Set<String> origins = list.stream()
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .map(Origins::asBrowsersSendIt)
        .collect(Collectors.toUnmodifiableSet());
    if (origins.isEmpty()) {
      throw new IllegalArgumentException(PROPERTY + " is set, but names no origin");
    }
    return origins;
  }

  // In small letters, and without a default port.
  private static String asBrowsersSendIt(String entry) {
    String lower = entry.toLowerCase(Locale.ROOT);
    Matcher origin = ORIGIN.matcher(lower);
    if (lower.equals(OPAQUE)) {
      return lower;
    }
    if (!origin.matches()) {
      throw new IllegalArgumentException(
          PROPERTY + ": \"" + entry + "\" is no origin such as https://support.example.com");
    }
    String scheme = origin.group("scheme");
    String port = origin.group("port");
    boolean plain = port == null || Integer.parseInt(port) == defaultPort(scheme);
    return scheme + "://" + origin.group("host") + (plain ? "" : ":" + Integer.parseInt(port));
  }

  /**
   * Returns whether a request may go on.
   *
   * @param origins the values of its Origin headers
   * @param host its Host header, or null
   */
  public boolean admits(List<String> origins, String host) {
    if (origins.isEmpty()) {
      return true;
    }
    String origin = origins.get(0);
    return origins.size() == 1
        && (allowed.contains(origin) || (sameOrigin && host != null && isOf(origin, host)));
  }

  // Clients differ in whether they name the default port, in either header.
  private static boolean isOf(String origin, String host) {
    try {
      URI page = new URI(origin);
      if (page.getScheme() == null || page.getRawAuthority() == null) {
        return false;
      }
      int port = defaultPort(page.getScheme().toLowerCase(Locale.ROOT));
      return withPort(page.getRawAuthority(), port).equals(withPort(host, port));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String withPort(String authority, int port) {
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.lastIndexOf(':') > lower.lastIndexOf(']') ? lower : lower + ":" + port;
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http", "ws" -> 80;
      case "https", "wss" -> 443;
      default -> -1;
    };
  }
}
