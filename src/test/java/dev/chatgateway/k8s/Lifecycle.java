package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.ops.DrainConfig;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** How the gateway's pods are found to be well, are replaced, and end. */
final class Lifecycle {
  private static final Path PROPERTIES =
      Path.of("src", "main", "resources", "application.properties");
  private static final Map<String, String> PROBES = Map.of(
      "startupProbe", "/q/health/started",
      "livenessProbe", "/q/health/live",
      "readinessProbe", "/q/health/ready");

  private Lifecycle() {}

  static List<String> complaints(Manifests manifests) {
    Complaints complaints = new Complaints();
    JsonNode deployment = manifests.gateway();
    JsonNode pod = deployment.at("/spec/template/spec");
    complaints.unlessAbsent(deployment, "/spec/strategy/type", Manifests.GATEWAY);
    complaints.unlessIs(
        deployment, "/spec/strategy/rollingUpdate/maxUnavailable", "0", Manifests.GATEWAY);
    for (JsonNode container : Manifests.containers(deployment)) {
      probes(complaints, container);
      grace(complaints, pod, container, manifests.variables());
    }
    // Quarkus's own check of Redis would be part of the probes.
    complaints.unless(
        "false".equals(packaged("quarkus.redis.health.enabled"))
            && !manifests.variables().containsKey("QUARKUS_REDIS_HEALTH_ENABLED"),
        Manifests.GATEWAY,
        "probes would touch Redis: quarkus.redis.health.enabled");
    return complaints.all();
  }

  private static void probes(Complaints complaints, JsonNode container) {
    PROBES.forEach((name, path) -> {
      JsonNode probe = container.path(name);
      String about = Manifests.GATEWAY + " " + name;
      complaints.unlessIs(probe, "/httpGet/path", '"' + path + '"', about);
      complaints.unlessAbsent(probe, "/exec", about);
      complaints.unlessAbsent(probe, "/tcpSocket", about);
      String port = Ports.number(container, probe.at("/httpGet/port")).orElse("unknown");
      String management = packaged("quarkus.management.port");
      complaints.unless(
          port.equals(management), about, "asks port " + port + ", not management's " + management);
    });
  }

  private static void grace(
      Complaints complaints, JsonNode pod, JsonNode container, Map<String, String> variables) {
    Duration needed = Duration.ofSeconds(
            container.at("/lifecycle/preStop/sleep/seconds").asLong())
        .plus(drain(variables));
    complaints.unless(
        container.at("/lifecycle/preStop/sleep/seconds").asLong() > 0,
        Manifests.GATEWAY,
        "preStop does not wait for the balancers");
    long grace = pod.path("terminationGracePeriodSeconds").asLong();
    complaints.unless(
        grace >= needed.toSeconds(),
        Manifests.GATEWAY,
        "terminationGracePeriodSeconds is " + grace + ", preStop and drain take " + needed);
  }

  /** How long draining may take, with what the manifests say of it, or else by default. */
  private static Duration drain(Map<String, String> variables) {
    Map<String, String> known = new HashMap<>(variables);
    known.values().removeIf(Objects::isNull);
    DrainConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new EnvConfigSource(known, 300))
        .withMapping(DrainConfig.class)
        .build()
        .getConfigMapping(DrainConfig.class);
    return DrainConfig.longest(config);
  }

  private static String packaged(String property) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(PROPERTIES)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty(property);
  }
}
