package dev.chatgateway.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How a pod that is told to stop sends its clients away. */
@ConfigMapping(prefix = "chat.drain")
public interface DrainConfig {
  /** Over how long clients are asked to come back, each after its own random delay. */
  @WithDefault("5s")
  @DurationMin(millis = 0)
  Duration spread();

  /** How long the pod waits for what its last clients have left to be stored. */
  @WithDefault("5s")
  @DurationMin(millis = 0)
  Duration timeout();
}
