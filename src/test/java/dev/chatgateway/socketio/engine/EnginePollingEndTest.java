package dev.chatgateway.socketio.engine;

import static dev.chatgateway.socketio.engine.EchoServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.engine.EchoServer.Echo;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How sessions on polling end, by either side, and what the client is still told. */
class EnginePollingEndTest {
  private final EchoServer server = new EchoServer();
  private final EngineFixture engine = server.engine;
  private final List<Echo> opened = server.opened;

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void aPollTheClientGoesAwayFromEndsTheSession() throws Exception {
    String sid = engine.open();
    try (Socket socket = new Socket("localhost", engine.port())) {
      RawHttp.write(
          socket,
          "GET /engine.io/?EIO=4&transport=polling&sid=" + sid + " HTTP/1.1\r\nHost: a\r\n\r\n");
      // Once a second poll is refused the first one is there.
      await().until(() -> engine.server.sessions() == 1);
    }
    await().untilAsserted(() -> assertThat(engine.poll(sid).statusCode()).isEqualTo(400));
    assertThat(opened.get(0).ends).hasSize(1);
  }

  @Test
  void aClientMayCloseItsSession() throws Exception {
    String sid = engine.open();
    // Before or after the request that closes: the poll is answered all the same.
    CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);
    assertThat(engine.post(sid, "1").statusCode()).isEqualTo(200);

    assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("6");
    assertThat(engine.poll(sid).body()).contains("\"code\":1");
    assertThat(opened.get(0).ends).containsExactly("transport close");
  }

  @Test
  void aSessionThatItsClientClosedIsForgottenWithoutAPoll() throws Exception {
    String sid = engine.open();
    engine.post(sid, "1\u001e4never");

    assertThat(opened.get(0).ends).containsExactly("transport close");
    assertThat(opened.get(0).heard).isEmpty();
    assertThat(engine.post(sid, "4a").body()).contains("\"code\":1");
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void closeFollowsTheLastMessagesInAPollOfItsOwn() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(1012, "going");
      echo.connection.send("never");
    });

    await().until(() -> echo.ends.equals(List.of("going")));
    assertThat(engine.poll(sid).body()).isEqualTo("4last words");
    assertThat(engine.poll(sid).body()).isEqualTo("1");
    assertThat(engine.poll(sid).body()).contains("\"code\":1");
    assertThat(engine.server.sessions()).isZero();
  }

  @Test
  void waitingPollGetsTheLastMessagesWithoutTheClose() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);
    awaitPoll(sid);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(1012, "going");
    });

    assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("4last words");
    assertThat(engine.poll(sid).body()).isEqualTo("1");
  }

  @Test
  void waitingPollGetsTheCloseAtOnceWhenNothingElseIsLeft() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);
    awaitPoll(sid);
    echo.run(() -> echo.connection.close(1012, "going"));

    assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("1");
    assertThat(engine.server.sessions()).isZero();
  }

  @Test
  void postToAClosingSessionSucceeds() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(1012, "going");
    });
    await().until(() -> !echo.ends.isEmpty());

    HttpResponse<String> post = engine.post(sid, "4too late");
    assertThat(post.statusCode()).isEqualTo(200);
    assertThat(post.body()).isEqualTo("ok");
    assertThat(echo.heard).isEmpty();
    assertThat(engine.poll(sid).body()).isEqualTo("4last words");
    assertThat(engine.poll(sid).body()).isEqualTo("1");
  }

  @Test
  void clientThatClosesAClosingSessionEndsIt() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(1012, "going");
    });
    await().until(() -> !echo.ends.isEmpty());
    assertThat(engine.poll(sid).body()).isEqualTo("4last words");

    assertThat(engine.post(sid, "1").statusCode()).isEqualTo(200);

    assertThat(engine.server.sessions()).isZero();
    assertThat(echo.ends).containsExactly("going");
  }

  @Test
  void failureDoesNotCloseInTheAnswerWithTheLastMessages() throws Exception {
    String sid = engine.open();
    CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);
    awaitPoll(sid);

    engine.post(sid, "4last words\u001e4fail");

    assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("4last words");
  }

  /** A message is answered once a poll is there to take it; then the next poll waits. */
  private void awaitPoll(String sid) throws Exception {
    Echo echo = opened.get(opened.size() - 1);
    await()
        .until(() -> echo.connection
            .eventLoop()
            .submit(() -> ((EngineSession) echo.connection).isPollWaiting())
            .get());
  }

  @Test
  void unreadMessagesAreBounded() throws Exception {
    try (EchoServer bounded = new EchoServer(OPTIONS.withMaxPending(1_000))) {
      bounded.engine.open();
      Echo echo = bounded.opened.get(0);
      echo.run(() -> {
        for (int i = 0; i < 100; i++) {
          echo.connection.send("x".repeat(20));
        }
      });

      await().until(() -> echo.ends.equals(List.of("too slow")));
      assertThat(bounded.engine.server.sessions()).isZero();
    }
  }

  @Test
  void oneLargePacketDoesNotCountAsTooSlow() throws Exception {
    try (EchoServer bounded = new EchoServer(OPTIONS.withMaxPending(1_000))) {
      String sid = bounded.engine.open();
      WebSocketClient socket = bounded.engine.webSocket();
      for (Echo echo : bounded.opened) {
        echo.run(() -> echo.connection.send("x".repeat(5_000)));
      }

      assertThat(bounded.engine.poll(sid).body()).hasSize(5_001);
      assertThat((String) socket.next()).hasSize(5_001);
      socket.send("4a");
      assertThat(socket.next()).isEqualTo("4a");
      assertThat(bounded.opened).allSatisfy(echo -> assertThat(echo.ends).isEmpty());
    }
  }

  @Test
  void aFailingListenerClosesTheSession() throws Exception {
    String sid = engine.open();
    engine.post(sid, "4fail");
    assertThat(engine.poll(sid).statusCode()).isEqualTo(400);

    WebSocketClient socket = engine.webSocket();
    socket.send("4fail");
    assertThat(socket.closeCode()).isEqualTo(1011);
  }
}
