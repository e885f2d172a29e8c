package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.engine.EchoServer.Echo;
import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that move from polling to a WebSocket. */
class EngineUpgradeTest {
  private final EchoServer server = new EchoServer();
  private final EngineFixture engine = server.engine;
  private final List<Echo> opened = server.opened;

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void aSessionMovesToAWebSocketWithoutLosingAMessage() throws Exception {
    // Several, so that WebSockets on the session's loop and on others are among them.
    for (int round = 0; round < 8; round++) {
      String sid = engine.open();
      Echo echo = opened.get(round);
      CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);
      WebSocketClient socket = engine.upgrade(sid);
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      String answer = poll.get(5, TimeUnit.SECONDS).body();
      assertThat(answer).isEqualTo("6");
      echo.run(() -> echo.connection.send("meanwhile"));
      await().until(() -> onLoop(echo, echo.connection::pendingBytes) > 0);

      socket.send("5");
      socket.send("4a");
      socket.send("4b");

      assertThat(socket.next()).isEqualTo("4meanwhile");
      assertThat(socket.next()).isEqualTo("4a");
      assertThat(socket.next()).isEqualTo("4b");
      assertThat(engine.poll(sid).body()).contains("\"code\":3");
      assertThat(engine.post(sid, "4c").statusCode()).isEqualTo(400);

      socket.close();
      await().until(() -> echo.ends.size() == 1);
    }
  }

  @Test
  void aPollDuringTheProbeIsAnsweredSoon() throws Exception {
    String sid = engine.open();
    WebSocketClient socket = engine.upgrade(sid);
    socket.send("2probe");
    socket.next();

    assertThat(engine.poll(sid).body()).isEqualTo("6");
  }

  @Test
  void aFailedUpgradeLeavesTheSessionOnPolling() throws Exception {
    String sid = engine.open();
    WebSocketClient wrong = engine.upgrade(sid);
    wrong.send("4a");
    assertThat(wrong.closeCode()).isEqualTo(1008);

    WebSocketClient gone = engine.upgrade(sid);
    gone.send("2probe");
    gone.next();
    gone.abort();

    engine.post(sid, "4b");
    assertThat(engine.poll(sid).body()).endsWith("4b");
    assertThat(opened.get(0).ends).isEmpty();
  }

  @Test
  void anUpgradeThatIsNotCompletedInTimeIsGivenUp() throws Exception {
    String sid = engine.open();
    WebSocketClient socket = engine.upgrade(sid);
    socket.send("2probe");
    assertThat(socket.next()).isEqualTo("3probe");

    assertThat(socket.closeCode()).isEqualTo(1008);

    engine.post(sid, "4a");
    assertThat(engine.poll(sid).body()).isEqualTo("4a");
  }

  @Test
  void closeAmidAnUpgradeIsToldThroughTheWebSocket() throws Exception {
    for (int round = 0; round < 8; round++) {
      String sid = engine.open();
      Echo echo = opened.get(round);
      CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);
      WebSocketClient socket = engine.upgrade(sid);
      socket.send("2probe");
      assertThat(socket.next()).isEqualTo("3probe");
      assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("6");
      echo.run(() -> {
        echo.connection.send("last words");
        echo.connection.close(4401, "going");
      });
      await().until(() -> !echo.ends.isEmpty());

      socket.send("5");

      assertThat(socket.next()).isEqualTo("4last words");
      assertThat(socket.closeCode()).isEqualTo(4401);
      await().until(() -> engine.server.sessions() == 0);
      assertThat(echo.ends).containsExactly("going");
    }
  }

  @Test
  void pollTakesTheLastMessagesAmidAnUpgradeAndTheWebSocketTheClose() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    WebSocketClient socket = engine.upgrade(sid);
    socket.send("2probe");
    socket.next();
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(4401, "going");
    });
    await().until(() -> !echo.ends.isEmpty());

    assertThat(engine.poll(sid).body()).isEqualTo("4last words");
    assertThat(engine.poll(sid).body()).isEqualTo("6");
    socket.send("5");

    assertThat(socket.closeCode()).isEqualTo(4401);
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void closeIsToldByPollWhenTheUpgradeFails() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    WebSocketClient socket = engine.upgrade(sid);
    socket.send("2probe");
    socket.next();
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(4401, "going");
    });
    await().until(() -> !echo.ends.isEmpty());
    assertThat(engine.poll(sid).body()).isEqualTo("4last words");

    socket.abort();

    String last = await().until(() -> engine.poll(sid).body(), answer -> !answer.equals("6"));
    assertThat(last).isEqualTo("1");
    assertThat(engine.server.sessions()).isZero();
  }

  @Test
  void aSecondWebSocketForASessionIsClosed() throws Exception {
    String sid = engine.open();
    WebSocketClient first = engine.upgrade(sid);
    first.send("2probe");
    first.next();
    assertThat(engine.upgrade(sid).closeCode()).isEqualTo(1008);
    first.send("5");
    assertThat(engine.upgrade(sid).closeCode()).isEqualTo(1008);

    first.send("4a");
    assertThat(first.next()).isEqualTo("4a");
  }

  @Test
  void handshakesThatAreRefusedMayBePipelined() throws Exception {
    String sid = engine.open();
    String path = "/engine.io/?EIO=4&sid=" + sid + "&transport=";
    String poll = "GET " + path + "polling HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String wrong = RawHttp.upgradeRequest(path + "websocket").replace("Version: 13", "Version: 99");
    try (RawSocket raw = RawSocket.connect(URI.create("http://localhost:" + engine.port()))) {
      raw.write((poll + wrong + wrong).getBytes(StandardCharsets.US_ASCII));
      engine.post(sid, "4a");

      assertThat(raw.readResponse().body()).isEqualTo("4a");
      assertThat(raw.readResponse().status()).isEqualTo(426);
      assertThat(raw.readResponse().status()).isEqualTo(426);
    }
    assertThat(opened.get(0).ends).isEmpty();
  }

  private static <T> T onLoop(Echo echo, Callable<T> question)
      throws InterruptedException, ExecutionException {
    return echo.connection.eventLoop().submit(question).get();
  }
}
