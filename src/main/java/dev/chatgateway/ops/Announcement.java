package dev.chatgateway.ops;

import dev.chatgateway.redis.RedisConfig;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says in production, once, where this pod listens and which Redis it uses. */
@Singleton
@IfBuildProfile("prod")
public class Announcement {
  private static final Logger LOG = Logger.getLogger(Announcement.class);

  private final Optional<List<URI>> hosts;
  private final RedisConfig redis;
  private final String managementHost;
  private final int managementPort;
  private final HttpServer http;

  Announcement(
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<URI>> hosts,
      RedisConfig redis,
      @ConfigProperty(name = "quarkus.management.host", defaultValue = "0.0.0.0")
          String managementHost,
      @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort,
      HttpServer http) {
    this.hosts = hosts;
    this.redis = redis;
    this.managementHost = managementHost;
    this.managementPort = managementPort;
    this.http = http;
  }

  void plain(@ObservesAsync HttpServerStart started) {
    announce("ws", started.options().getHost(), http.getPort());
  }

  void secure(@ObservesAsync HttpsServerStart started) {
    announce("wss", started.options().getHost(), http.getSecurePort());
  }

  private void announce(String scheme, String host, int port) {
    LOG.infof(
        "Clients connect to %s://%s:%d/chat; health and metrics are at http://%s:%d/q; Redis is %s,"
            + " keys begin with %s",
        scheme,
        host,
        port,
        managementHost,
        managementPort,
        hosts.map(RedisAddress::shown).orElse("where the hosts provider says"),
        redis.keyPrefix());
  }
}
