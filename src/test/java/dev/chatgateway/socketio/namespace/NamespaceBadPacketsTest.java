package dev.chatgateway.socketio.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.namespace.EchoNamespaces.Echo;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are malformed, or not to be sent then, close the transport. */
class NamespaceBadPacketsTest {
  private final EchoNamespaces namespaces = new EchoNamespaces();
  private final EngineFixture engine = namespaces.engine;
  private final List<Echo> echoes = namespaces.echoes;

  @AfterEach
  void stop() throws Exception {
    namespaces.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4abc",
        "4",
        "42[\"a\"]",
        "41",
        "43",
        "431[]",
        "44{}",
        "42{}",
        "40[]",
        "451-[\"a\"]x"
      })
  void whatIsMalformedOrTooEarlyClosesTheTransport(String packet) throws Exception {
    WebSocketClient socket = engine.webSocket();
    socket.send(packet);
    assertThat(socket.closeCode()).isEqualTo(1002);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4abc",
        "40",
        "44{\"message\":\"a\"}",
        "42{}",
        "42abc[\"a\"]",
        "42[\"disconnect\"]",
        "42/custom,[\"a\"]",
        "4511-[\"a\"]",
        "451-[\"a\",{\"_placeholder\":true,\"num\":1}]"
      })
  void whatIsMalformedOrOutOfPlaceClosesAConnectedTransport(String packet) throws Exception {
    WebSocketClient socket = namespaces.connected("");
    socket.send(packet);
    assertThat(socket.closeCode()).isEqualTo(1002);
    await().until(() -> echoes.get(0).ends.size() == 1);
  }

  @Test
  void aMalformedPacketClosesAPollingSessionToo() throws Exception {
    String sid = engine.open();
    engine.post(sid, "40\u001e4abc");
    assertThat(engine.poll(sid).body()).startsWith("40");
    assertThat(engine.poll(sid).body()).isEqualTo("1");
    assertThat(engine.poll(sid).statusCode()).isEqualTo(400);
  }
}
