package dev.chatgateway.relay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How room events travel between pods. */
@ConfigMapping(prefix = "chat.relay")
public interface RelayConfig {
  /** How long a room that nobody here is in any more stays subscribed. */
  @WithDefault("5s")
  @DurationMin(millis = 0)
  Duration unsubscribeDelay();

  /** Rooms that may be read from the store at once after messages were lost. */
  @WithDefault("128")
  @Min(1) @Max(1000) int healsAtOnce();

  /** Events of a room that are kept while what came before them is being read. */
  @WithDefault("1000")
  @Min(10) @Max(100_000) int heldEvents();
}
