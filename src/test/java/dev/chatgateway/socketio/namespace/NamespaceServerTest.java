package dev.chatgateway.socketio.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.engine.EngineOptions;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceServerTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Sends events back, acknowledges what asks for it. */
  private static final class Echo implements SocketHandler {
    private final NamespaceSocket socket;
    private final JsonNode auth;
    private final List<String> ends = new CopyOnWriteArrayList<>();

    private Echo(NamespaceSocket socket, JsonNode auth) {
      this.socket = socket;
      this.auth = auth;
    }

    @Override
    public void connected() {
      socket.emit("welcome", List.of(auth));
    }

    @Override
    public void event(String name, List<JsonNode> arguments, Ack ack) {
      if (ack == null) {
        socket.emit("back:" + name, arguments);
      } else {
        ack.send(arguments);
        ack.send("\"twice\"".getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public void disconnected(String reason) {
      ends.add(reason);
    }
  }

  private final List<Echo> echoes = new CopyOnWriteArrayList<>();
  private final Promise<SocketHandler> later = Promise.promise();
  private EngineFixture engine;

  @BeforeEach
  void start() throws Exception {
    start(NamespaceOptions.DEFAULTS);
  }

  private void start(NamespaceOptions options) throws Exception {
    stop();
    Namespace echo = (socket, auth) -> {
      Echo handler = new Echo(socket, auth);
      echoes.add(handler);
      return Future.succeededFuture(handler);
    };
    Namespace closed = (socket, auth) -> Future.failedFuture(
        new ConnectRefusedException("not you", JSON.objectNode().put("code", 7)));
    engine = new EngineFixture(
        EngineOptions.DEFAULTS,
        new NamespaceServer(
            options,
            () -> UUID.randomUUID().toString(),
            Map.of(
                "/", echo,
                "/custom", echo,
                "/closed", closed,
                "/broken", (socket, auth) -> Future.failedFuture("on purpose"),
                "/later", (socket, auth) -> later.future())));
  }

  @AfterEach
  void stop() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  private WebSocketClient connected(String namespace) throws Exception {
    WebSocketClient socket = engine.webSocket();
    connect(socket, namespace);
    return socket;
  }

  private static void connect(WebSocketClient socket, String namespace) throws Exception {
    socket.send("40" + namespace);
    assertThat((String) socket.next()).startsWith("40" + namespace + "{\"sid\":");
    assertThat(socket.next()).isEqualTo("42" + namespace + "[\"welcome\",{}]");
  }

  // --- connecting

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
    WebSocketClient socket = connected("");
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
    later.complete(new SocketHandler() {
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
    later.complete(late);

    await().until(() -> late.ends.equals(List.of("transport close")));
  }

  @Test
  void whoNeverConnectsIsClosed() throws Exception {
    start(NamespaceOptions.DEFAULTS.withConnectTimeout(Duration.ofMillis(200)));
    WebSocketClient silent = engine.webSocket();
    WebSocketClient refused = engine.webSocket();
    refused.send("40/random,");
    WebSocketClient left = connected("");
    WebSocketClient stays = connected("");
    left.send("41");

    assertThat(silent.closeCode()).isEqualTo(1000);
    assertThat(refused.closeCode()).isEqualTo(1000);
    assertThat(left.closeCode()).isEqualTo(1000);
    stays.send("42[\"a\"]");
    assertThat(stays.next()).isEqualTo("42[\"back:a\"]");
  }

  @Test
  void refusalsAndNamespacesAreBounded() throws Exception {
    start(new NamespaceOptions(Duration.ofSeconds(45), 10, 1_000, 1, 2, 10));
    WebSocketClient refused = engine.webSocket();
    for (int i = 0; i < 3; i++) {
      refused.send("40/random,");
    }
    assertThat(refused.closeCode()).isEqualTo(1008);

    WebSocketClient greedy = connected("");
    greedy.send("40/custom,");
    assertThat(greedy.closeCode()).isEqualTo(1008);
  }

  // --- against the rules

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
    WebSocketClient socket = connected("");
    socket.send(packet);
    assertThat(socket.closeCode()).isEqualTo(1002);
    await().until(() -> echoes.get(0).ends.size() == 1);
  }

  @Test
  void aMalformedPacketClosesAPollingSessionToo() throws Exception {
    String sid = engine.open();
    engine.post(sid, "40\u001e4abc");
    assertThat(engine.poll(sid).body()).endsWith("\u001e1");
    assertThat(engine.poll(sid).statusCode()).isEqualTo(400);
  }

  // --- events

  @Test
  void eventsGoBothWays() throws Exception {
    WebSocketClient socket = connected("");
    socket.send("42[\"a\",1,\"2\",{\"3\":[true,1.10]}]");
    assertThat(socket.next()).isEqualTo("42[\"back:a\",1,\"2\",{\"3\":[true,1.10]}]");
    socket.send("42[5]");
    assertThat(socket.next()).isEqualTo("42[\"back:5\"]");
  }

  @Test
  void eventsAreAcknowledgedOnce() throws Exception {
    WebSocketClient socket = connected("/custom,");
    socket.send("42/custom,456[\"a\",1,{}]");
    socket.send("42/custom,[\"b\"]");
    assertThat(socket.next()).isEqualTo("43/custom,456[1,{}]");
    assertThat(socket.next()).isEqualTo("42/custom,[\"back:b\"]");
  }

  @Test
  void binaryValuesTravelAsAttachments() throws Exception {
    WebSocketClient socket = connected("");
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
    List<WebSocketClient> sockets = List.of(connected(""), connected(""), connected(""));
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

  // --- acknowledgements of clients

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

  @Test
  void clientsAcknowledgeToo() throws Exception {
    WebSocketClient socket = connected("");
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
    WebSocketClient socket = connected("");
    assertThatThrownBy(() -> ask(Duration.ofMillis(50)).get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);

    CompletableFuture<List<JsonNode>> unanswered = ask(Duration.ofSeconds(60));
    socket.close();
    assertThatThrownBy(() -> unanswered.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  // --- leaving

  @Test
  void leavingOneNamespaceLeavesTheOthers() throws Exception {
    WebSocketClient socket = connected("");
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
    WebSocketClient socket = connected("");
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
