package dev.chatgateway.ops;

import dev.chatgateway.redis.RedisConfig;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.HttpServerStart;
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

  Announcement(
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<URI>> hosts,
      RedisConfig redis,
      @ConfigProperty(name = "quarkus.management.host", defaultValue = "0.0.0.0")
          String managementHost,
      @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort) {
    this.hosts = hosts;
    this.redis = redis;
    this.managementHost = managementHost;
    this.managementPort = managementPort;
  }

  void announce(@ObservesAsync HttpServerStart started) {
    LOG.infof(
        "Clients connect to %s:%d, at /chat; health and metrics are at %s:%d, under /q; Redis is"
            + " %s, keys begin with %s",
        started.options().getHost(),
        started.options().getPort(),
        managementHost,
        managementPort,
        hosts.map(RedisAddress::shown).orElse("where the hosts provider says"),
        redis.keyPrefix());
  }
}
