package dev.chatgateway.socketio.engine;

import java.time.Duration;

/**
 * Times and bounds of an {@link EngineServer}.
 *
 * @param pingInterval from a client's sign of life to the next ping
 * @param pingTimeout how long a ping may go unanswered
 * @param upgradeTimeout how long a WebSocket opened for an upgrade may take to complete it
 * @param closeTimeout how long a session closed here waits for one more poll to tell it to
 * @param bodyTimeout how long the body of a polling request may take to arrive
 * @param maxPayload bytes in a message or in the body of a polling request
 * @param maxPending bytes that may wait for a client before it is closed as too slow
 */
public record EngineOptions(
    Duration pingInterval,
    Duration pingTimeout,
    Duration upgradeTimeout,
    Duration closeTimeout,
    Duration bodyTimeout,
    int maxPayload,
    int maxPending) {

  /** What the reference implementation has: pings every 25 s with 20 s to answer, 1 MB. */
  public static final EngineOptions DEFAULTS = new EngineOptions(
      Duration.ofSeconds(25),
      Duration.ofSeconds(20),
      Duration.ofSeconds(10),
      Duration.ofSeconds(30),
      Duration.ofSeconds(30),
      1_000_000,
      4_000_000);

  public EngineOptions {
    positive(pingInterval);
    positive(pingTimeout);
    positive(upgradeTimeout);
    positive(closeTimeout);
    positive(bodyTimeout);
    if (maxPayload < 1 || maxPending < 1) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }

  public EngineOptions withHeartbeat(Duration interval, Duration timeout) {
    return new EngineOptions(
        interval, timeout, upgradeTimeout, closeTimeout, bodyTimeout, maxPayload, maxPending);
  }

  public EngineOptions withMaxPayload(int bytes) {
    return new EngineOptions(
        pingInterval, pingTimeout, upgradeTimeout, closeTimeout, bodyTimeout, bytes, maxPending);
  }

  public EngineOptions withMaxPending(int bytes) {
    return new EngineOptions(
        pingInterval, pingTimeout, upgradeTimeout, closeTimeout, bodyTimeout, maxPayload, bytes);
  }

  public EngineOptions withTimeouts(Duration upgrade, Duration close, Duration body) {
    return new EngineOptions(
        pingInterval, pingTimeout, upgrade, close, body, maxPayload, maxPending);
  }

  private static void positive(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("durations must be positive");
    }
  }
}
