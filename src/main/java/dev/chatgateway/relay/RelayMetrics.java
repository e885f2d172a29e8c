package dev.chatgateway.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of the relay. */
final class RelayMetrics {
  final Counter received;
  final Counter rejected;
  final Counter gapsHealed;
  final Counter eventsHealed;
  final Counter wentBack;
  final Counter missedTooMuch;
  final AtomicInteger rooms = new AtomicInteger();

  RelayMetrics(MeterRegistry registry) {
    received = Counter.builder("chat.relay.received")
        .description("Envelopes received from Redis")
        .register(registry);
    rejected = Counter.builder("chat.relay.rejected")
        .description("Envelopes dropped because they were not well-formed")
        .register(registry);
    gapsHealed = Counter.builder("chat.relay.gaps.healed")
        .description("Times a room was completed from the store")
        .register(registry);
    eventsHealed = Counter.builder("chat.relay.events.healed")
        .description("Events that pub/sub lost and the store gave")
        .register(registry);
    wentBack = resets("store_went_back", registry);
    missedTooMuch = resets("missed_too_much", registry);
    Gauge.builder("chat.rooms", rooms, AtomicInteger::get)
        .description("Tickets the pod listens to")
        .register(registry);
  }

  private static Counter resets(String reason, MeterRegistry registry) {
    return Counter.builder("chat.relay.resets")
        .description("Rooms started anew, by why what was missed could not be told")
        .tag("reason", reason)
        .register(registry);
  }
}
