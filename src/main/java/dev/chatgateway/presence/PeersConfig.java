package dev.chatgateway.presence;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** How pods reach one another: for Socket.IO requests that come to a pod without their session. */
@ConfigMapping(prefix = "chat.peers")
public interface PeersConfig {
  /**
   * Where the other pods reach this one, as {@code host:port}. An IPv6 address may have brackets or
   * not. Without it, this machine's first address that is not the loopback, or {@code
   * quarkus.http.host} if that is one address, and the HTTP port: the one that speaks TLS, if there
   * is one. In Kubernetes: the pod's IP. The others speak TLS to it unless the port is that of plain
   * HTTP.
   */
  Optional<
          @Pattern(
              regexp = "[A-Za-z0-9.-]{1,253}:[0-9]{1,5}|\\[[0-9A-Fa-f:.]{2,45}]:[0-9]{1,5}"
                  + "|[0-9A-Fa-f:.]{2,45}:[0-9]{1,5}")
          String>
      address();

  /**
   * The name in the certificate of this pod's TLS port, which the other pods verify. Without it, the
   * host of the pod's address, which the certificate then has to name, as an IP address too.
   */
  Optional<@Pattern(regexp = "[A-Za-z0-9.-]{1,253}") String> tlsName();

  /**
   * Signs the pods' addresses in Redis and the requests that they pass on to each other; the same for
   * all pods. With it, no pod trusts an address that somebody else wrote, or takes a stranger's
   * request for a pod's. Keep it in a secret.
   */
  Optional<@Size(min = 16, max = 512) String> secret();

  /**
   * How long connecting to another pod may take, or its answer whether it is there; afterwards it
   * counts as gone.
   */
  @WithDefault("1s")
  @DurationMin(millis = 50)
  Duration connectTimeout();

  /** Requests passed on to each other pod at a time, waiting polls included; more get 503. */
  @WithDefault("8192")
  @Min(16) @Max(60_000) int maxForwards();
}
