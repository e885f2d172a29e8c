package dev.chatgateway.session;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of the connections. */
public final class SessionMetrics {
  private final MeterRegistry registry;
  private final AtomicInteger connections = new AtomicInteger();
  private final Counter opened;
  private final Counter delivered;
  private final Counter droppedSlow;
  private final Map<CloseCode, Counter> closed = new EnumMap<>(CloseCode.class);
  private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);
  private final AtomicInteger socketIo = new AtomicInteger();

  public SessionMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("chat.connections", connections, AtomicInteger::get)
        .description("Connections open now")
        .register(registry);
    opened = Counter.builder("chat.connections.opened")
        .description("Connections accepted")
        .register(registry);
    delivered = Counter.builder("chat.deliveries")
        .description("Room events handed to a client's connection")
        .register(registry);
    droppedSlow = Counter.builder("chat.dropped")
        .description("Events not delivered, by reason")
        .tag("reason", "slow_client")
        .register(registry);
    Gauge.builder("chat.connections.socketio", socketIo, AtomicInteger::get)
        .description("Of the connections open now, those of Socket.IO clients")
        .register(registry);
    for (CloseCode code : CloseCode.values()) {
      closed.put(
          code,
          Counter.builder("chat.connections.closed")
              .description("Connections the gateway closed, by close code")
              .tag("code", Integer.toString(code.code()))
              .register(registry));
    }
    for (ErrorCode code : ErrorCode.values()) {
      errors.put(
          code,
          Counter.builder("chat.errors")
              .description("Errors told to clients, by error code")
              .tag("code", code.wire())
              .register(registry));
    }
  }

  /** Connections open on this pod. */
  public int connections() {
    return connections.get();
  }

  void opened(Broadcast.Door door) {
    opened.increment();
    connections.incrementAndGet();
    if (door == Broadcast.Door.SOCKET_IO) {
      socketIo.incrementAndGet();
    }
  }

  void ended(Broadcast.Door door) {
    connections.decrementAndGet();
    if (door == Broadcast.Door.SOCKET_IO) {
      socketIo.decrementAndGet();
    }
  }

  void closed(CloseCode code) {
    closed.get(code).increment();
  }

  void sentAway(String reason) {
    Counter.builder("chat.sent.away")
        .description("Clients asked to go to another pod, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  void delivered() {
    delivered.increment();
  }

  void droppedSlow() {
    droppedSlow.increment();
  }

  void error(ErrorCode code) {
    errors.get(code).increment();
  }
}
