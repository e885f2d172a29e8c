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
 * @param sizes bounds of what a client may send
 * @param maxPending bytes that may wait for a client before it is closed as too slow
 */
public record EngineOptions(
    Duration pingInterval,
    Duration pingTimeout,
    Duration upgradeTimeout,
    Duration closeTimeout,
    Duration bodyTimeout,
    Sizes sizes,
    int maxPending) {

  /**
   * Bounds in bytes of what a client may send.
   *
   * @param payload a message; clients are told, and newer ones keep their polling requests to it
   * @param firstPayload a message of a client that the layer above does not trust yet
   * @param body the body of a polling request, which may hold many messages
   * @param bodies what all bodies may hold that are being read, beyond a small part of each
   */
  public record Sizes(int payload, int firstPayload, int body, long bodies) {
    public Sizes {
      if (firstPayload < 1 || payload < firstPayload || body < payload || bodies < body) {
        throw new IllegalArgumentException("sizes must be positive, and grow");
      }
    }
  }

  /** What the reference implementation has: pings every 25 s with 20 s to answer, 1 MB. */
  public static final EngineOptions DEFAULTS = new EngineOptions(
      Duration.ofSeconds(25),
      Duration.ofSeconds(20),
      Duration.ofSeconds(10),
      Duration.ofSeconds(30),
      Duration.ofSeconds(30),
      new Sizes(1_000_000, 1_000_000, 1_000_000, 64_000_000),
      4_000_000);

  public EngineOptions {
    positive(pingInterval);
    positive(pingTimeout);
    positive(upgradeTimeout);
    positive(closeTimeout);
    positive(bodyTimeout);
    if (maxPending < 1) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }

  public EngineOptions withHeartbeat(Duration interval, Duration timeout) {
    return new EngineOptions(
        interval, timeout, upgradeTimeout, closeTimeout, bodyTimeout, sizes, maxPending);
  }

  /** The same with that bound for messages and bodies alike, of trusted clients and others. */
  public EngineOptions withMaxPayload(int bytes) {
    return withSizes(new Sizes(bytes, bytes, bytes, sizes.bodies()));
  }

  public EngineOptions withSizes(Sizes other) {
    return new EngineOptions(
        pingInterval, pingTimeout, upgradeTimeout, closeTimeout, bodyTimeout, other, maxPending);
  }

  public EngineOptions withMaxPending(int bytes) {
    return new EngineOptions(
        pingInterval, pingTimeout, upgradeTimeout, closeTimeout, bodyTimeout, sizes, bytes);
  }

  public EngineOptions withTimeouts(Duration upgrade, Duration close, Duration body) {
    return new EngineOptions(pingInterval, pingTimeout, upgrade, close, body, sizes, maxPending);
  }

  private static void positive(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("durations must be positive");
    }
  }
}
