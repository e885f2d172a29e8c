package dev.chatgateway.socketio.namespace;

import static dev.chatgateway.socketio.namespace.EchoNamespaces.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.namespace.EchoNamespaces.Echo;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Either side may end one namespace, and the server all of them. */
class NamespaceDisconnectTest {
  private final EchoNamespaces namespaces = new EchoNamespaces();
  private final List<Echo> echoes = namespaces.echoes;

  @AfterEach
  void stop() throws Exception {
    namespaces.close();
  }

  @Test
  void leavingOneNamespaceLeavesTheOthers() throws Exception {
    WebSocketClient socket = namespaces.connected("");
    connect(socket, "/custom,");
    socket.send("41/custom,");
    socket.send("42[\"a\"]");

    assertThat(socket.next()).isEqualTo("42[\"back:a\"]");
    assertThat(echoes.get(1).ends).containsExactly("client namespace disconnect");
    assertThat(echoes.get(0).ends).isEmpty();
    connect(socket, "/custom,");
  }

  @Test
  void theServerPutsOutOfANamespaceOrEndsTheTransport() throws Exception {
    WebSocketClient socket = namespaces.connected("");
    connect(socket, "/custom,");
    NamespaceSocket custom = echoes.get(1).socket;
    custom.engine().eventLoop().execute(() -> {
      custom.disconnect();
      custom.emit("never");
    });
    assertThat(socket.next()).isEqualTo("41/custom,");
    await().until(() -> echoes.get(1).ends.equals(List.of("server namespace disconnect")));

    NamespaceSocket root = echoes.get(0).socket;
    root.engine().eventLoop().execute(() -> root.engine().close(1012, "going"));
    assertThat(socket.closeCode()).isEqualTo(1012);
    await().until(() -> echoes.get(0).ends.equals(List.of("going")));
    assertThat(echoes.get(1).ends).hasSize(1);
  }
}
