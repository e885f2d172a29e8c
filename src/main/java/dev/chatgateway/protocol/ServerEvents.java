package dev.chatgateway.protocol;

import java.time.Duration;
import java.time.Instant;

/** The data of the events and errors that no feature owns. */
public final class ServerEvents {
  private ServerEvents() {}

  /** {@code chat_connected}: the connection is open. */
  public static ServerEvent connected(String connectionId, long nowMs) {
    return new ServerEvent(
        "chat_connected",
        new JsonWriter()
            .beginObject()
            .field("connection_id", connectionId)
            .field("server_time", Timestamps.iso(nowMs))
            .endObject()
            .toBytes());
  }

  /** {@code token_expiring}: the token ends soon; send {@code chat_authenticate} with a new one. */
  public static ServerEvent tokenExpiring(Instant expiresAt, Duration left) {
    return new ServerEvent(
        "token_expiring",
        new JsonWriter()
            .beginObject()
            .field("expires_at", Timestamps.iso(expiresAt.toEpochMilli()))
            .field("in_ms", Math.max(0, left.toMillis()))
            .endObject()
            .toBytes());
  }

  /** {@code reconnect}: come back, to any pod, after the delay. */
  public static ServerEvent reconnect(String reason, long delayMs) {
    return new ServerEvent(
        "reconnect",
        new JsonWriter()
            .beginObject()
            .field("reason", reason)
            .field("delay_ms", delayMs)
            .endObject()
            .toBytes());
  }

  /** {@code degraded} and {@code restored}: whether this pod can reach its store. */
  public static ServerEvent health(boolean degraded, String reason) {
    return new ServerEvent(
        degraded ? "degraded" : "restored",
        new JsonWriter().beginObject().field("reason", reason).endObject().toBytes());
  }

  /**
   * {@code error}, for a caller who asked for no reply.
   *
   * @param ticketId the ticket it is about; null for none
   */
  public static ServerEvent error(ChatException problem, String event, String ticketId) {
    JsonWriter json = new JsonWriter().beginObject();
    errorMembers(json, problem);
    json.field("event", event);
    if (ticketId != null) {
      json.idField("ticket_id", ticketId);
    }
    return new ServerEvent("error", json.endObject().toBytes());
  }

  /** The {@code error} object of a reply. */
  public static void error(JsonWriter json, ChatException problem) {
    json.beginObject();
    errorMembers(json, problem);
    json.endObject();
  }

  private static void errorMembers(JsonWriter json, ChatException problem) {
    json.field("code", problem.code().wire())
        .field("message", problem.getMessage())
        .field("retry", problem.code().retry());
    if (problem.retryAfterMs() >= 0) {
      json.field("retry_after_ms", problem.retryAfterMs());
    }
  }
}
