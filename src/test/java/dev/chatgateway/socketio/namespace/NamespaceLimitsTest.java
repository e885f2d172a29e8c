package dev.chatgateway.socketio.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.socketio.WebSocketClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a client may be in no namespace, and how often it may ask. */
class NamespaceLimitsTest {
  @Test
  void whoNeverConnectsIsClosed() throws Exception {
    try (EchoNamespaces namespaces =
        new EchoNamespaces(NamespaceOptions.DEFAULTS.withConnectTimeout(Duration.ofMillis(200)))) {
      WebSocketClient silent = namespaces.engine.webSocket();
      WebSocketClient refused = namespaces.engine.webSocket();
      refused.send("40/random,");
      WebSocketClient left = namespaces.connected("");
      WebSocketClient stays = namespaces.connected("");
      left.send("41");

      assertThat(silent.closeCode()).isEqualTo(1000);
      assertThat(refused.closeCode()).isEqualTo(1000);
      assertThat(left.closeCode()).isEqualTo(1000);
      stays.send("42[\"a\"]");
      assertThat(stays.next()).isEqualTo("42[\"back:a\"]");
    }
  }

  @Test
  void refusalsAndNamespacesAreBounded() throws Exception {
    try (EchoNamespaces namespaces =
        new EchoNamespaces(new NamespaceOptions(Duration.ofSeconds(45), 10, 1_000, 1, 2, 10))) {
      WebSocketClient refused = namespaces.engine.webSocket();
      for (int i = 0; i < 3; i++) {
        refused.send("40/random,");
      }
      assertThat(refused.closeCode()).isEqualTo(1008);

      WebSocketClient greedy = namespaces.connected("");
      greedy.send("40/custom,");
      assertThat(greedy.closeCode()).isEqualTo(1008);
    }
  }
}
