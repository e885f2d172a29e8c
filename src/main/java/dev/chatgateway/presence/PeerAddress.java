package dev.chatgateway.presence;

import io.vertx.core.net.HostAndPort;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where other pods reach a pod.
 *
 * @param host a name or an IP address, without brackets
 * @param tlsName the name in the certificate of a port that speaks TLS; empty for a plain port
 */
public record PeerAddress(String host, int port, Optional<String> tlsName) {
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([^\\[\\]]+)]|([^\\[\\]]+)):([0-9]{1,5})");
  private static final String PLAIN = "-";

  /** Returns the address of a plain port. */
  public static PeerAddress plain(String host, int port) {
    return new PeerAddress(withoutBrackets(host), port, Optional.empty());
  }

  /** Returns this address as one of a port that speaks TLS with a certificate of that name. */
  public PeerAddress withTls(String name) {
    return new PeerAddress(host, port, Optional.of(withoutBrackets(name)));
  }

  /** Reads {@code host:port}, where an IPv6 address may lack its brackets. */
  public static Optional<PeerAddress> parse(String authority) {
    Matcher parts = HOST_AND_PORT.matcher(authority);
    if (!parts.matches()) {
      return Optional.empty();
    }
    PeerAddress parsed = plain(
        parts.group(1) == null ? parts.group(2) : parts.group(1), Integer.parseInt(parts.group(3)));
    boolean sound = parsed.port > 0
        && parsed.port <= 0xFFFF
        && HostAndPort.parseAuthority(parsed.authority(), -1) != null;
    return sound ? Optional.of(parsed) : Optional.empty();
  }

  /** Reads what {@link #toString} returns. */
  static Optional<PeerAddress> read(String authority, String name) {
    return parse(authority).map(plain -> name.equals(PLAIN) ? plain : plain.withTls(name));
  }

  /** Returns {@code host:port}, with an IPv6 address in brackets. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** Returns the authority, and the name in the certificate or a dash. */
  @Override
  public String toString() {
    return authority() + " " + tlsName.orElse(PLAIN);
  }
}
