package dev.chatgateway.socketio.namespace;

import static dev.chatgateway.socketio.namespace.EchoNamespaces.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.namespace.EchoNamespaces.Echo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients connect to namespaces, which let them in or refuse them. */
class NamespaceConnectTest {
  private final EchoNamespaces namespaces = new EchoNamespaces();
  private final EngineFixture engine = namespaces.engine;
  private final List<Echo> echoes = namespaces.echoes;

  @AfterEach
  void stop() throws Exception {
    namespaces.close();
  }

  @Test
  void connectingGivesAnIdThatIsNotTheSessions() throws Exception {
    WebSocketClient socket = engine.webSocketOf("");
    String sid = EngineFixture.sidOf((String) socket.next());
    socket.send("40");

    assertThat((String) socket.next()).matches("40\\{\"sid\":\"[^\"]+\"}").doesNotContain(sid);
    assertThat(echoes.get(0).socket.engine().sid()).isEqualTo(sid);
  }

  @Test
  void theNamespaceSeesWhatTheClientAuthenticatesWith() throws Exception {
    WebSocketClient socket = engine.webSocket();
    socket.send("40{\"token\":\"123\"}");
    socket.next();
    assertThat(socket.next()).isEqualTo("42[\"welcome\",{\"token\":\"123\"}]");
    socket.send("40/custom,{\"token\":\"4\"}");
    assertThat((String) socket.next()).startsWith("40/custom,{\"sid\":");
    assertThat(socket.next()).isEqualTo("42/custom,[\"welcome\",{\"token\":\"4\"}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/random", "/custom?token=1", "/Custom", "//"})
  void unknownNamespacesAreRefused(String name) throws Exception {
    WebSocketClient socket = namespaces.connected("");
    socket.send("40" + name + ",");

    assertThat(socket.next()).isEqualTo("44" + name + ",{\"message\":\"Invalid namespace\"}");
    socket.send("42[\"a\"]");
    assertThat(socket.next()).isEqualTo("42[\"back:a\"]");
  }

  @Test
  void aNamespaceRefusesWithMessageAndData() throws Exception {
    WebSocketClient socket = engine.webSocket();
    socket.send("40/closed,");
    assertThat(socket.next())
        .isEqualTo("44/closed,{\"message\":\"not you\",\"data\":{\"code\":7}}");
    socket.send("40/broken,");
    assertThat(socket.next()).isEqualTo("44/broken,{\"message\":\"Internal error\"}");
    connect(socket, "/custom,");
  }

  @Test
  void aNamespaceMayTakeItsTime() throws Exception {
    WebSocketClient socket = engine.webSocket();
    socket.send("40/later,");
    connect(socket, "/custom,");
    namespaces.later.complete(new SocketHandler() {
      @Override
      public void event(String name, List<JsonNode> arguments, Ack ack) {
        ack.send("{\"ok\":true}".getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public void disconnected(String reason) {}
    });

    assertThat((String) socket.next()).startsWith("40/later,{\"sid\":");
    socket.send("42/later,5[\"a\"]");
    assertThat(socket.next()).isEqualTo("43/later,5[{\"ok\":true}]");
  }

  @Test
  void whoLeftBeforeBeingLetInIsDisconnectedAllTheSame() throws Exception {
    WebSocketClient socket = engine.webSocket();
    socket.send("40/later,");
    connect(socket, "");
    socket.close();
    await().until(() -> engine.server.sessions() == 0);
    Echo late = new Echo(null, null);
    namespaces.later.complete(late);

    await().until(() -> late.ends.equals(List.of("transport close")));
  }
}
