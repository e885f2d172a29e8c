package dev.chatgateway.devmode;

import dev.chatgateway.ops.RedisAddress;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says in dev mode what was started, and what to do with it. */
@Singleton
@IfBuildProfile("dev")
public class DevGreeting {
  private static final Logger LOG = Logger.getLogger(DevGreeting.class);
  private static final String GREETED = "chat.dev.greeted";

  private final Optional<List<URI>> hosts;
  private final int managementPort;
  private final HttpServer http;

  DevGreeting(
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<URI>> hosts,
      @ConfigProperty(name = "quarkus.management.port") int managementPort,
      HttpServer http) {
    this.http = http;
    this.hosts = hosts;
    this.managementPort = managementPort;
  }

  void greet(@ObservesAsync HttpServerStart started) {
    if (System.setProperty(GREETED, "yes") != null) {
      return; // a live reload
    }
    String gateway = "http://localhost:" + http.getPort();
    LOG.info("""
        The gateway runs in dev mode.

          To try it   %1$s/ in two windows, as two people
          WebSocket   %2$s/chat
          HTTP API    %1$s/q/swagger-ui
          Health      http://localhost:%3$d/q/health
          Live view   http://localhost:%3$d/ops
          Redis       %4$s
          A token     curl -s %1$s%5$s -H 'Content-Type: application/json' \\
                        -d '{"user_id":"ana","user_name":"Ana","tickets":[101]}'
        """.formatted(
            gateway, gateway.replaceFirst("http", "ws"), managementPort, redis(), DevTokens.PATH));
  }

  private String redis() {
    if (hosts.isPresent()) {
      return RedisAddress.shown(hosts.get()) + ", as quarkus.redis.hosts says";
    }
    DevRedis.Running running = DevRedis.known();
    return running == null
        ? "not started, see above"
        : "embedded, version %s, at localhost:%d, until dev mode ends; for one of your own, set"
                .formatted(running.version(), running.port())
            + " quarkus.redis.hosts";
  }
}
