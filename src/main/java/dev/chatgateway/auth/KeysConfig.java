package dev.chatgateway.auth;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How the keys of issuers are read, and how long they count. */
@ConfigMapping(prefix = "chat.keys")
public interface KeysConfig {
  /** How often the keys of an issuer are read again, in the background. */
  @WithDefault("5m")
  @DurationMin(millis = 1000)
  Duration refresh();

  /** How long keys count after they were last read, when reading them fails. */
  @WithDefault("24h")
  @DurationMin(millis = 1000)
  Duration keep();

  /**
   * A token with a {@code kid} that is not among the keys makes a pod read them again at once, but
   * each issuer's at most once in this time.
   */
  @WithDefault("10s")
  @DurationMin(millis = 100)
  Duration unknownKidInterval();

  /** How long reading keys may take. */
  @WithDefault("5s")
  @DurationMin(millis = 100)
  Duration timeout();

  /** Largest key set or file that is read. */
  @WithDefault("512K")
  MemorySize maxSize();
}
