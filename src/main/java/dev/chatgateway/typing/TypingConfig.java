package dev.chatgateway.typing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Who types. */
@ConfigMapping(prefix = "chat.typing")
public interface TypingConfig {
  /** How long a typist is shown after the last {@code typing_start}. */
  @WithDefault("10s")
  @DurationMin(millis = 100)
  Duration shown();

  /** How long before the end the room knows of it is told that a typist goes on. */
  @WithDefault("1s")
  @DurationMin(millis = 10)
  Duration renewal();
}
