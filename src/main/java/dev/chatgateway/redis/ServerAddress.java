package dev.chatgateway.redis;

import java.net.URI;

/** Where one Redis server or Sentinel listens. */
record ServerAddress(String host, int port) {
  private static final int DEFAULT_PORT = 6379;

  /** The address in a connection string, {@code redis://user:password@host:port/db}. */
  static ServerAddress of(String connectionString) {
    URI uri = URI.create(connectionString);
    return new ServerAddress(
        uri.getHost() == null ? "localhost" : uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
  }

  /** As in an address bar: {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }
}
