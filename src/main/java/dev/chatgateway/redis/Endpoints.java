package dev.chatgateway.redis;

import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses that were configured, and how to dial others with the same scheme, credentials and
 * options. Every client made of these options has one connection, to one server: which server is the
 * primary, or has a slot, is found out by us.
 */
final class Endpoints {
  private final RedisOptions configured;
  private final Map<ServerAddress, RedisOptions> byAddress = new ConcurrentHashMap<>();

  Endpoints(RedisOptions options) {
    // A client of this copy has the one connection that is asked of it and never recycles it.
    this.configured = new RedisOptions(options)
        .setType(RedisClientType.STANDALONE)
        .setMaxPoolSize(1)
        .setMaxPoolWaiting(1)
        .setPoolRecycleTimeout(-1);
    // Resets a connection that is closed: what is under way on one that was given up must not be
    // executed after what the next one sends.
    NetClientOptions net = new NetClientOptions(configured.getNetClientOptions()).setSoLinger(0);
    if (net.getHostnameVerificationAlgorithm() == null) {
      // Vert.x refuses TLS without, and Quarkus's named TLS configurations leave it out.
      net.setHostnameVerificationAlgorithm("HTTPS");
    }
    configured.setNetClientOptions(net);
  }

  /** The configured connection strings. */
  List<String> all() {
    return configured.getEndpoints();
  }

  /** The number of the database, which the first address names. */
  int database() {
    return ConnectionString.parse(all().get(0)).database();
  }

  /** How to dial the first of the configured addresses, which may be a UNIX socket. */
  RedisOptions first() {
    return configured;
  }

  /** How to dial a server at that address; always the same object. */
  RedisOptions to(ServerAddress address) {
    return byAddress.computeIfAbsent(address, there -> {
      URI pattern = ConnectionString.parse(all().get(0)).uri();
      return at(there, pattern, pattern.getRawUserInfo());
    });
  }

  /**
   * How to dial a Sentinel: with credentials of its own, or none.
   *
   * @param connectionString one of {@link #all()}, whose credentials are those of the data's servers
   * @param user may be null
   * @param password null where the Sentinel asks for none
   */
  RedisOptions toSentinel(String connectionString, String user, String password) {
    String credentials = password == null
        ? null
        : URLEncoder.encode(user == null ? "default" : user, StandardCharsets.UTF_8)
            + ":"
            + URLEncoder.encode(password, StandardCharsets.UTF_8);
    URI pattern = ConnectionString.parse(connectionString).uri();
    URI bare = URI.create(pattern.getScheme() + "://" + pattern.getHost());
    RedisOptions options = at(ServerAddress.of(connectionString), bare, credentials);
    return options.setPassword(null);
  }

  private RedisOptions at(ServerAddress address, URI pattern, String credentials) {
    StringBuilder uri = new StringBuilder(pattern.getScheme()).append("://");
    if (credentials != null) {
      uri.append(credentials).append('@');
    }
    uri.append(address);
    if (pattern.getRawPath() != null) {
      uri.append(pattern.getRawPath());
    }
    if (pattern.getRawQuery() != null) {
      uri.append('?').append(pattern.getRawQuery());
    }
    return new RedisOptions(configured).setEndpoints(List.of(uri.toString()));
  }
}
