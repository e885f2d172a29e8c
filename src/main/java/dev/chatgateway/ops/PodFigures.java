package dev.chatgateway.ops;

import dev.chatgateway.protocol.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes a pod's {@link Figure}s of the meters that it has anyway. On one thread only. */
final class PodFigures {
  // Long enough for a number that can be read, short enough for one that is of now.
  private static final int STEPS = 5;

  private final MeterRegistry meters;
  private final int connectionsLimit;
  private final Slope accepted = new Slope(STEPS);
  private final Slope delivered = new Slope(STEPS);
  private final Slope refused = new Slope(STEPS);
  private final Slope lag = new Slope(STEPS);
  private final Slope commands = new Slope(STEPS);

  PodFigures(MeterRegistry meters, int connectionsLimit) {
    this.meters = meters;
    this.connectionsLimit = connectionsLimit;
  }

  /**
   * The figures of now; rates and means are over the last five calls.
   *
   * @param nowNanos of {@link System#nanoTime}
   */
  Map<Figure, Double> read(long nowNanos) {
    double seconds = nowNanos / 1e9;
    EnumMap<Figure, Double> now = new EnumMap<>(Figure.class);
    now.put(Figure.CONNECTIONS, gauge("chat.connections"));
    now.put(Figure.SOCKETIO_CONNECTIONS, gauge("chat.connections.socketio"));
    now.put(Figure.CONNECTIONS_LIMIT, (double) connectionsLimit);
    now.put(Figure.ROOMS, gauge("chat.rooms"));
    now.put(Figure.USERS, gauge("chat.users"));
    now.put(Figure.ACCEPTED_PER_S, accepted.at(seconds, count("chat.messages.accepted")));
    now.put(Figure.DELIVERED_PER_S, delivered.at(seconds, count("chat.deliveries")));
    now.put(Figure.REFUSED_PER_S, refused.at(seconds, count("chat.errors")));
    now.put(Figure.RELAY_LAG_MS, mean("chat.relay.lag", lag));
    now.put(Figure.REDIS_MS, mean("chat.redis.command", commands));
    now.put(Figure.GAPS_HEALED, count("chat.relay.gaps.healed"));
    now.put(Figure.RESUMES_RECOVERED, count("chat.joins", "outcome", "recovered"));
    now.put(Figure.RESUMES_NOT_RECOVERED, count("chat.joins", "outcome", "not_recovered"));
    now.put(Figure.DROPPED, count("chat.dropped"));
    now.put(
        Figure.CLOSED_SLOW,
        count("chat.connections.closed", "code", Integer.toString(CloseCode.TOO_SLOW.code())));
    now.put(Figure.REDIS_DISCONNECTS, count("chat.redis.disconnects"));
    now.values().removeIf(value -> !Figure.isPlausible(value));
    return Collections.unmodifiableMap(now);
  }

  private double gauge(String name) {
    Gauge gauge = meters.find(name).gauge();
    return gauge == null ? Double.NaN : gauge.value();
  }

  /** Of all meters with that name and, where there are any, these tags. */
  private double count(String name, String... tags) {
    return meters.find(name).tags(tags).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private double mean(String name, Slope slope) {
    double count = 0;
    double ms = 0;
    for (Timer timer : meters.find(name).timers()) {
      count += timer.count();
      ms += timer.totalTime(TimeUnit.MILLISECONDS);
    }
    return slope.at(count, ms);
  }
}
