package dev.chatgateway.presence;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Who is here: leases of pods, and what is remembered of users. */
@ConfigMapping(prefix = "chat.presence")
public interface PresenceConfig {
  /**
   * How long a pod counts as alive after its last sign of life. Afterwards the others ask it whether it
   * is, and take what it left out of the rooms if nobody answers: a ghost lives half as long again. A
   * pod that answers is let be for three times as long.
   */
  @WithDefault("8s")
  @DurationMin(millis = 500)
  Duration lease();

  /** How often a pod gives that sign of life, and looks for dead ones. */
  @WithDefault("1s")
  @DurationMin(millis = 100)
  Duration heartbeat();

  /**
   * How long users whose connection was sent away, by a pod that stops or has too many, may take to come
   * back without anybody noticing; afterwards the rooms hear {@code user_left}. 0 for not at all.
   */
  @WithDefault("10s")
  @DurationMin(millis = 0)
  @DurationMax(millis = 60_000)
  Duration grace();

  /** How long a user's presence, revocations and followed tickets are remembered. */
  @WithDefault("30d")
  @DurationMin(millis = 1000)
  Duration lifetime();

  /** How often lifetimes of what is still in use are renewed. */
  @WithDefault("12h")
  @DurationMin(millis = 1000)
  Duration renewal();

  /** Tickets a user follows at most; the oldest are forgotten. */
  @WithDefault("200")
  @Min(1) @Max(5000) int followedTickets();
}
