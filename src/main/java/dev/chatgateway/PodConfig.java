package dev.chatgateway;

import dev.chatgateway.ops.DrainConfig;
import dev.chatgateway.ops.RebalanceConfig;
import dev.chatgateway.presence.PeersConfig;
import dev.chatgateway.presence.PresenceConfig;
import dev.chatgateway.relay.RelayConfig;
import dev.chatgateway.session.AdmissionConfig;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.ticket.TicketConfig;
import dev.chatgateway.typing.TypingConfig;
import java.time.Duration;

/** The configuration of a pod's features, in one hand, none of which contradicts another. */
public record PodConfig(
    LimitsConfig limits,
    TicketConfig ticket,
    TypingConfig typing,
    PresenceConfig presence,
    RelayConfig relay,
    PeersConfig peers,
    DrainConfig drain,
    AdmissionConfig admission,
    RebalanceConfig rebalance) {
  // What a pod has entries in, for whoever sweeps after it, lives for a week.
  private static final Duration LONGEST_RENEWAL = Duration.ofDays(3);

  /**
   * Checks settings against each other.
   *
   * @throws IllegalArgumentException if two contradict each other; the message names both
   */
  public PodConfig {
    Duration lifetime = ticket.lifetime();
    requireAtLeast("chat.ticket.lifetime", lifetime, "chat.presence.renewal", presence.renewal());
    requireAtLeast("chat.ticket.lifetime", lifetime, "chat.ticket.dedupe", ticket.dedupe());
    requireAtLeast("chat.ticket.lifetime", lifetime, "chat.typing.shown", typing.shown());
    requireAtLeast("chat.ticket.lifetime", lifetime, "chat.presence.grace", presence.grace());
    requireAtLeast(
        "chat.presence.lifetime", presence.lifetime(), "chat.presence.renewal", presence.renewal());
    requireAtLeast("chat.typing.shown", typing.shown(), "chat.typing.renewal", typing.renewal());
    if (presence.renewal().compareTo(LONGEST_RENEWAL) > 0) {
      throw new IllegalArgumentException("chat.presence.renewal is "
          + presence.renewal()
          + ", and must be at most 3 days: what it renews lives for a week");
    }
  }

  private static void requireAtLeast(
      String name, Duration value, String otherName, Duration other) {
    if (value.compareTo(other) < 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", and must be at least " + otherName + ", which is " + other);
    }
  }
}
