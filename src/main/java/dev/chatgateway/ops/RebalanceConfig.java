package dev.chatgateway.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * When a pod asks some of its connections to reconnect, to whichever pod: where it has more than its
 * share of all, and where they have been here for long.
 */
@ConfigMapping(prefix = "chat.rebalance")
public interface RebalanceConfig {
  /** Whether a pod with more connections than its share sends some away. */
  @WithDefault("true")
  boolean enabled();

  /**
   * By how many percent a pod may exceed its share, which is the mean over all pods that take
   * connections, before it sends any away. It goes on until half of that is left.
   */
  @WithDefault("20")
  @Min(1) @Max(1000) int tolerance();

  /** A pod that exceeds its share by fewer connections sends none away. */
  @WithDefault("50")
  @Min(1) @Max(1_000_000) int minExcess();

  /**
   * How long no pod may have come, stopped or died before any are sent away. Only connections that
   * are older than the last such change are.
   */
  @WithDefault("60s")
  @DurationMin(millis = 0)
  Duration settle();

  /** How many connections are asked to reconnect in an interval at most, for balance. */
  @WithDefault("100")
  @Min(1) @Max(1_000_000) int batch();

  /**
   * How long an interval is. Each connection is asked to reconnect after a random part of its first
   * half; until it is over, they are counted where they are then.
   */
  @WithDefault("10s")
  @DurationMin(millis = 200)
  Duration interval();

  /**
   * After what time a connection is asked to reconnect in any case, give or take a tenth of it; in
   * an interval as many as for balance, and so possibly later. Without it, never.
   */
  Optional<@DurationMin(millis = 1000) Duration> maxAge();
}
