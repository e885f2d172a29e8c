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
   * Where the other pods reach this one, as {@code host:port}. Without it, this machine's first
   * address that is not the loopback, or {@code quarkus.http.host} where that is one address, and
   * {@code quarkus.http.port}. In Kubernetes: the pod's IP.
   */
  Optional<
          @Pattern(regexp = "[A-Za-z0-9.-]{1,253}:[0-9]{1,5}|\\[[0-9A-Fa-f:.]{2,45}]:[0-9]{1,5}") String>
      address();

  /**
   * What the pods sign their addresses with in Redis, the same for all; with it, none trusts an
   * address that somebody else wrote there. Keep it in a secret.
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
