package dev.chatgateway.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How a pod that is told to stop sends its clients away. */
@ConfigMapping(prefix = "chat.drain")
public interface DrainConfig {
  /**
   * How long it serves on and still takes connections, though it is unready already, while load
   * balancers learn of it.
   */
  @WithDefault("5s")
  @DurationMin(millis = 0)
  Duration delay();

  /** Connections that are then sent away per second, where that takes no longer than the window. */
  @WithDefault("100")
  @Min(1) @Max(1_000_000) int rate();

  /** Over how long connections are sent away at most; where there are many, at a higher rate. */
  @WithDefault("15s")
  @DurationMin(millis = 0)
  Duration window();

  /**
   * A client that is sent away is asked to come back after a random delay of up to so much, and its
   * connection is closed then.
   */
  @WithDefault("2s")
  @DurationMin(millis = 0)
  Duration spread();

  /** How long the pod waits after that until everything is answered and stored. */
  @WithDefault("5s")
  @DurationMin(millis = 0)
  Duration timeout();

  /** How long all of it may take. */
  static Duration longest(DrainConfig config) {
    return config.delay().plus(config.window()).plus(config.spread()).plus(config.timeout());
  }
}
