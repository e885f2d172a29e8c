package dev.chatgateway.auth;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The doors browsers come through. */
@ConfigMapping(prefix = "chat.socket")
public interface OriginConfig {
  /**
   * Origins whose pages may connect, exactly as browsers send them ({@code
   * https://support.example.com}). Without any, only pages of the host that is connected to may.
   * Clients that are no browsers send no Origin, and may.
   */
  Optional<List<String>> allowedOrigins();
}
