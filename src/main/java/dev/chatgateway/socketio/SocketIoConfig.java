package dev.chatgateway.socketio;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The Socket.IO door. */
@ConfigMapping(prefix = "chat.socketio")
public interface SocketIoConfig {
  /** How often a client is asked for a sign of life. */
  @WithDefault("25s")
  @DurationMin(millis = 100)
  Duration pingInterval();

  /** How long it may take to give one before the session counts as dead. */
  @WithDefault("20s")
  @DurationMin(millis = 100)
  Duration pingTimeout();

  /** How long a session may take from its handshake to entering the namespace. */
  @WithDefault("10s")
  @DurationMin(millis = 100)
  Duration connectTimeout();

  /** How long the upgrade from polling to WebSocket may take. */
  @WithDefault("10s")
  @DurationMin(millis = 100)
  Duration upgradeTimeout();

  /** Bytes in one message; newer clients are told, and keep their polling requests to it. */
  @WithDefault("128K")
  MemorySize maxPayload();

  /** Bytes in the body of one polling request, in which older clients put all that they have. */
  @WithDefault("512K")
  MemorySize maxBody();

  /**
   * Bytes of all such bodies that are being read, beyond the first 16 KB of each; more are refused
   * with 503. A quarter of it is for clients that are not authenticated.
   */
  @WithDefault("32M")
  MemorySize maxBodies();
}
