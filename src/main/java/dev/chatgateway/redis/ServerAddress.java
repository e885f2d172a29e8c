package dev.chatgateway.redis;

/** Where one Redis server or Sentinel listens. */
record ServerAddress(String host, int port) {
  /** The address in a connection string, {@code redis://user:password@host:port/db}. */
  static ServerAddress of(String connectionString) {
    return ConnectionString.parse(connectionString).address();
  }

  /** As in an address bar: {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }
}
