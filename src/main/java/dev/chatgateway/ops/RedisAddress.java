package dev.chatgateway.ops;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** Where Redis is, in words fit for a log: without user, password or parameters. */
public final class RedisAddress {
  private static final int DEFAULT_PORT = 6379;

  private RedisAddress() {}

  /** The hosts and ports of {@code quarkus.redis.hosts}. */
  public static String shown(List<URI> hosts) {
    return hosts.stream().map(RedisAddress::shown).collect(Collectors.joining(", "));
  }

  private static String shown(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority == null) {
      return uri.getScheme() + ":" + uri.getPath(); // a UNIX socket
    }
    String address = authority.substring(authority.lastIndexOf('@') + 1);
    return address.matches(".*:[0-9]+") ? address : address + ":" + DEFAULT_PORT;
  }
}
