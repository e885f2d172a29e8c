package dev.chatgateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * How many new connections a pod takes, by both doors together; more are answered with 503, so that
 * a crowd that comes back at once does not take down one pod after the other.
 */
@ConfigMapping(prefix = "chat.admission")
public interface AdmissionConfig extends LimitsConfig.Rate {
  /** Sustained, per second; about what a pod of one CPU takes without being late for the others. */
  @Override
  @WithDefault("500")
  @Min(1) @Max(1_000_000) int perSecond();

  /** At once, after a quiet time. */
  @Override
  @WithDefault("1000")
  @Min(1) @Max(1_000_000) int burst();

  /** Who is refused is asked to come back after 1 to so many seconds, at random. */
  @WithDefault("5")
  @Min(1) @Max(3600) int retryAfter();
}
