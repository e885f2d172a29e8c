package dev.chatgateway.ops;

import dev.chatgateway.protocol.JsonWriter;
import java.nio.charset.StandardCharsets;

/** A number that a pod reports of itself. Adding one changes no format; see {@link PodReport}. */
public enum Figure {
  CONNECTIONS("connections", Total.SUM),
  /** Of the connections, those of the Socket.IO door. */
  SOCKETIO_CONNECTIONS("socketio_connections", Total.SUM),
  /** {@code chat.limits.connections}. */
  CONNECTIONS_LIMIT("connections_limit", Total.SUM),
  /** Rooms with somebody of this pod in them. */
  ROOMS("rooms", Total.SUM),
  /** Users with a connection to this pod. */
  USERS("users", Total.SUM),
  /** Messages stored for clients and for the ticket system, retries left out. */
  ACCEPTED_PER_S("accepted_per_s", Total.SUM),
  /** Room events handed to connections. */
  DELIVERED_PER_S("delivered_per_s", Total.SUM),
  /** Errors told to clients. */
  REFUSED_PER_S("refused_per_s", Total.SUM),
  /** From publishing to the pod's own channel to hearing it, the mean of the last seconds. */
  RELAY_LAG_MS("relay_lag_ms", Total.HIGHEST),
  /** From asking for a command to Redis's answer, the mean of the last seconds. */
  REDIS_MS("redis_ms", Total.HIGHEST),
  /** Since the pod started, as all that follow: times a room was completed from the store. */
  GAPS_HEALED("gaps_healed", Total.SUM),
  RESUMES_RECOVERED("resumes_recovered", Total.SUM),
  RESUMES_NOT_RECOVERED("resumes_not_recovered", Total.SUM),
  /** Events left out because a client read too slowly. */
  DROPPED("dropped", Total.SUM),
  /** Connections closed because a client read too slowly, with 4408. */
  CLOSED_SLOW("closed_slow", Total.SUM),
  /** Connections to Redis that were lost. */
  REDIS_DISCONNECTS("redis_disconnects", Total.SUM);

  /** What the pods' numbers make together. */
  enum Total {
    SUM,
    HIGHEST
  }

  private static final double MAX = 1e14; // in ms, that is the year 5138

  private final String wire;
  private final Total total;

  Figure(String wire, Total total) {
    this.wire = wire;
    this.total = total;
  }

  /** Its name in JSON. */
  String wire() {
    return wire;
  }

  Total total() {
    return total;
  }

  /** Whether a pod may report that. */
  static boolean isPlausible(double value) {
    return value >= 0 && value <= MAX; // neither of which a NaN is
  }

  /** Writes a number with two decimals at most. */
  static void write(JsonWriter json, String name, double value) {
    long hundredths = Math.round(value * 100);
    String text = hundredths % 100 == 0
        ? Long.toString(hundredths / 100)
        : Double.toString(hundredths / 100.0);
    json.name(name).raw(text.getBytes(StandardCharsets.US_ASCII));
  }
}
