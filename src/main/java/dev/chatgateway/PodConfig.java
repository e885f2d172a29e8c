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

/** The configuration of a pod's features, in one hand. */
public record PodConfig(
    LimitsConfig limits,
    TicketConfig ticket,
    TypingConfig typing,
    PresenceConfig presence,
    RelayConfig relay,
    PeersConfig peers,
    DrainConfig drain,
    AdmissionConfig admission,
    RebalanceConfig rebalance) {}
