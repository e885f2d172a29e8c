package dev.chatgateway.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The doors browsers come through. */
@ConfigMapping(prefix = "chat.socket")
public interface OriginConfig {
  /**
   * Origins of other hosts whose pages may connect, with commas between them ({@code
   * https://support.example.com, https://www.example.com}). The gateway does not start if one of
   * them is no origin; a path or a wildcard makes it none. Clients other than browsers may connect
   * without an Origin.
   */
  Optional<List<String>> allowedOrigins();

  /**
   * Whether pages of the host that they connect to may do so; some clients other than browsers also
   * send that host as their Origin. Set it to {@code false} to end DNS rebinding: then only {@code
   * allowed-origins} counts.
   */
  @WithDefault("true")
  boolean sameOrigin();
}
