package dev.chatgateway.socketio.namespace;

import static dev.chatgateway.socketio.namespace.EchoNamespaces.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.namespace.EchoNamespaces.Echo;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events, their binary values and their acknowledgements, in both directions. */
class NamespaceEventsTest {
  private final EchoNamespaces namespaces = new EchoNamespaces();
  private final EngineFixture engine = namespaces.engine;
  private final List<Echo> echoes = namespaces.echoes;

  @AfterEach
  void stop() throws Exception {
    namespaces.close();
  }

  @Test
  void eventsGoBothWays() throws Exception {
    WebSocketClient socket = namespaces.connected("");
    socket.send("42[\"a\",1,\"2\",{\"3\":[true,1.10]}]");
    assertThat(socket.next()).isEqualTo("42[\"back:a\",1,\"2\",{\"3\":[true,1.10]}]");
    socket.send("42[5]");
    assertThat(socket.next()).isEqualTo("42[\"back:5\"]");
  }

  @Test
  void eventsAreAcknowledgedOnce() throws Exception {
    WebSocketClient socket = namespaces.connected("/custom,");
    socket.send("42/custom,456[\"a\",1,{}]");
    socket.send("42/custom,[\"b\"]");
    assertThat(socket.next()).isEqualTo("43/custom,456[1,{}]");
    assertThat(socket.next()).isEqualTo("42/custom,[\"back:b\"]");
  }

  @Test
  void binaryValuesTravelAsAttachments() throws Exception {
    WebSocketClient socket = namespaces.connected("");
    socket.send(
        "452-[\"a\",{\"_placeholder\":true,\"num\":1},{\"x\":{\"_placeholder\":true,\"num\":0}}]");
    socket.send(new byte[] {1});
    socket.send(new byte[] {2});

    assertThat(socket.next())
        .isEqualTo("452-[\"back:a\",{\"_placeholder\":true,\"num\":0},"
            + "{\"x\":{\"_placeholder\":true,\"num\":1}}]");
    assertThat(socket.next()).isEqualTo(new byte[] {2});
    assertThat(socket.next()).isEqualTo(new byte[] {1});

    socket.send("451-7[\"a\",{\"_placeholder\":true,\"num\":0}]");
    socket.send(new byte[] {3});
    assertThat(socket.next()).isEqualTo("461-7[{\"_placeholder\":true,\"num\":0}]");
    assertThat(socket.next()).isEqualTo(new byte[] {3});
  }

  @Test
  void allOfItWorksOverPolling() throws Exception {
    String sid = engine.open();
    engine.post(sid, "40");
    assertThat(engine.poll(sid).body())
        .matches("40\\{\"sid\":\"[^\"]+\"}\u001e42\\[\"welcome\",\\{}]");
    engine.post(sid, "451-7[\"a\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID");
    assertThat(engine.poll(sid).body())
        .isEqualTo("461-7[{\"_placeholder\":true,\"num\":0}]\u001ebAQID");
  }

  @Test
  void aBroadcastIsEncodedOnceForAll() throws Exception {
    List<WebSocketClient> sockets =
        List.of(namespaces.connected(""), namespaces.connected(""), namespaces.connected(""));
    ByteBuf frame = SocketFrames.event("news", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    for (Echo echo : echoes) {
      echo.socket
          .engine()
          .eventLoop()
          .submit(() -> echo.socket.emitShared(frame))
          .get();
    }

    for (WebSocketClient socket : sockets) {
      assertThat(socket.next()).isEqualTo("42[\"news\",{\"a\":1}]");
    }
    await().until(() -> frame.refCnt() == 1);
    frame.release();
  }

  @Test
  void clientsAcknowledgeToo() throws Exception {
    WebSocketClient socket = namespaces.connected("");
    CompletableFuture<List<JsonNode>> first = ask(Duration.ofSeconds(10));
    CompletableFuture<List<JsonNode>> second = ask(Duration.ofSeconds(10));
    assertThat(socket.next()).isEqualTo("420[\"ask\",1]");
    assertThat(socket.next()).isEqualTo("421[\"ask\",1]");
    socket.send("4399[]"); // never asked for: of no meaning
    socket.send("431[\"b\"]");
    socket.send("461-0[{\"_placeholder\":true,\"num\":0}]");
    socket.send(new byte[] {7});

    assertThat(second.get(5, TimeUnit.SECONDS)).containsExactly(JSON.textNode("b"));
    assertThat(first.get(5, TimeUnit.SECONDS)).containsExactly(JSON.binaryNode(new byte[] {7}));
  }

  @Test
  void anAcknowledgementThatDoesNotComeFails() throws Exception {
    WebSocketClient socket = namespaces.connected("");
    assertThatThrownBy(() -> ask(Duration.ofMillis(50)).get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);

    CompletableFuture<List<JsonNode>> unanswered = ask(Duration.ofSeconds(60));
    socket.close();
    assertThatThrownBy(() -> unanswered.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  private CompletableFuture<List<JsonNode>> ask(Duration timeout) throws Exception {
    NamespaceSocket socket = echoes.get(0).socket;
    return socket
        .engine()
        .eventLoop()
        .submit(() -> socket.emitWithAck("ask", List.of(JSON.numberNode(1)), timeout))
        .get()
        .toCompletionStage()
        .toCompletableFuture();
  }
}
