package dev.chatgateway.socket;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Limits small enough to be reached by a test, and a list of origins. */
public class TightLimits implements QuarkusTestProfile {
  static final int CONNECTIONS = 12;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("chat.limits.connections", Integer.toString(CONNECTIONS)),
        Map.entry("chat.limits.connections-per-user", "2"),
        Map.entry("chat.limits.authentication-timeout", "1s"),
        Map.entry("chat.tokens.clock-skew", "0s"),
        Map.entry("chat.limits.ping-interval", "500ms"),
        Map.entry("chat.limits.pong-timeout", "1s"),
        Map.entry("chat.limits.outbound-queue", "64K"),
        Map.entry("chat.limits.refused-frames", "5"),
        Map.entry("chat.limits.typing.per-second", "1"),
        Map.entry("chat.limits.typing.burst", "2"),
        Map.entry("chat.limits.messages.per-second", "1000"),
        Map.entry("chat.limits.messages.burst", "2000"),
        Map.entry("chat.limits.user-messages.per-second", "1000"),
        Map.entry("chat.limits.user-messages.burst", "2000"),
        Map.entry("chat.limits.frames.per-second", "1000"),
        Map.entry("chat.limits.frames.burst", "2000"),
        // Messages sent in step fill a queue before its client owes a pong.
        Map.entry("chat.redis.write-interval", "0"),
        Map.entry("chat.ticket.history", "2000"),
        Map.entry("chat.socket.allowed-origins", "https://support.example.com,http://localhost:1"));
  }
}
