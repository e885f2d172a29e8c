package dev.chatgateway.ops;

import dev.chatgateway.redis.ConnectionString;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** Where Redis is, in words fit for a log: without user, password or parameters. */
public final class RedisAddress {
  private RedisAddress() {}

  /** The hosts and ports of {@code quarkus.redis.hosts}. */
  public static String shown(List<URI> hosts) {
    return hosts.stream()
        .map(uri -> ConnectionString.parse(uri.toString()).shown())
        .collect(Collectors.joining(", "));
  }
}
