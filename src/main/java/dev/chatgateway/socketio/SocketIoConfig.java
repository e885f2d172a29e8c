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

  /** Bytes in one message or one polling request; a client is told and keeps to it. */
  @WithDefault("16K")
  MemorySize maxPayload();
}
