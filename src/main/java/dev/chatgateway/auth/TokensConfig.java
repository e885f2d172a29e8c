package dev.chatgateway.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What holds for the tokens of all issuers. */
@ConfigMapping(prefix = "chat.tokens")
public interface TokensConfig {
  /**
   * By how much the clocks of issuers and gateway may differ. A token counts from its {@code nbf}
   * less this until its {@code exp} plus this: at both doors, over HTTP, and for how long a
   * connection stays. {@code mp.jwt.verify.clock.skew}, in seconds, sets it as well.
   */
  @WithDefault("10s")
  @DurationMin(millis = 0)
  @DurationMax(millis = 600_000)
  Duration clockSkew();
}
