package dev.chatgateway.socketio.engine;

import static dev.chatgateway.socketio.engine.EchoServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import dev.chatgateway.socketio.engine.EchoServer.Echo;
import dev.chatgateway.websocket.Trust;
import io.netty.buffer.ByteBuf;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on polling: what requests carry, and which are refused. */
class EnginePollingTest {
  private final EchoServer server = new EchoServer();
  private final EngineFixture engine = server.engine;
  private final List<Echo> opened = server.opened;

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void textAndBinaryComeBackInOrder() throws Exception {
    String sid = engine.open();

    HttpResponse<String> post = engine.post(sid, "4h\u00e9llo\u001ebAQIDBA==\u001e4w\u20acrld");

    assertThat(post.statusCode()).isEqualTo(200);
    assertThat(post.body()).isEqualTo("ok");
    assertThat(engine.poll(sid).body()).isEqualTo("4h\u00e9llo\u001ebAQIDBA==\u001e4w\u20acrld");
  }

  @Test
  void aWaitingPollIsAnsweredWhenThereIsSomething() throws Exception {
    String sid = engine.open();
    CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);

    engine.post(sid, "4a");

    assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("4a");
  }

  @Test
  void whatIsSentInOneTurnIsAnsweredInOnePoll() throws Exception {
    String sid = engine.open();
    CompletableFuture<HttpResponse<String>> poll = engine.pollLater(sid);

    engine.post(sid, "4a\u001e4b\u001e4c");

    assertThat(poll.get(5, TimeUnit.SECONDS).body()).isEqualTo("4a\u001e4b\u001e4c");
  }

  @Test
  void onePollIsAnsweredWithSixteenPacketsAtMost() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    echo.run(() -> {
      for (int i = 0; i < 40; i++) {
        echo.connection.send("a");
      }
    });
    await()
        .until(() -> echo.connection
            .eventLoop()
            .submit(() -> echo.connection.pendingBytes() > 0)
            .get());

    for (int packets : List.of(16, 16, 8)) {
      assertThat(engine.poll(sid).body().split("\u001e")).hasSize(packets).containsOnly("4a");
    }
  }

  @Test
  void aSharedFrameReachesBothTransports() throws Exception {
    String sid = engine.open();
    WebSocketClient socket = engine.webSocket();
    byte[] text = "x".repeat(300).getBytes(StandardCharsets.UTF_8);
    ByteBuf frame = Frames.message(text);

    for (Echo echo : opened) {
      frame.retain();
      echo.run(() -> {
        echo.connection.sendShared(frame);
        frame.release();
      });
    }

    assertThat(engine.poll(sid).body()).isEqualTo("4" + "x".repeat(300));
    assertThat(socket.next()).isEqualTo("4" + "x".repeat(300));
    frame.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "4a\u001e", "b!", "2"})
  void aMalformedPayloadClosesTheSession(String payload) throws Exception {
    String sid = engine.open();

    engine.post(sid, payload);

    assertThat(engine.poll(sid).statusCode()).isEqualTo(400);
    assertThat(opened.get(0).ends).hasSize(1);
  }

  @Test
  void aPayloadThatIsNotUtf8ClosesTheSession() throws Exception {
    String sid = engine.open();

    HttpResponse<String> post = engine.send(engine
        .request("polling&sid=" + sid)
        .POST(BodyPublishers.ofByteArray(new byte[] {'4', (byte) 0xC3, '('})));

    assertThat(post.statusCode()).isEqualTo(400);
    assertThat(opened.get(0).ends).containsExactly("parse error");
  }

  @Test
  void aBinaryBodyClosesTheSession() throws Exception {
    String sid = engine.open();

    HttpResponse<String> post = engine.send(engine
        .request("polling&sid=" + sid)
        .header("Content-Type", "application/octet-stream")
        .POST(BodyPublishers.ofString("4a")));

    assertThat(post.statusCode()).isEqualTo(400);
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void bodyOfTheLimitIsRead() throws Exception {
    String sid = engine.open();
    assertThat(engine.post(sid, "4" + "x".repeat(9_999)).statusCode()).isEqualTo(200);
    assertThat(engine.poll(sid).body()).hasSize(10_000);
  }

  @Test
  void bodyOverTheLimitEndsTheSession() throws Exception {
    String large = "4" + "x".repeat(10_000);
    String announced = engine.open();
    assertThat(engine.post(announced, large).statusCode()).isEqualTo(413);
    assertThat(engine.poll(announced).body()).contains("\"code\":1");

    String chunked = engine.open();
    HttpRequest.BodyPublisher chunks = BodyPublishers.fromPublisher(BodyPublishers.ofString(large));
    assertThat(
            engine.send(engine.request("polling&sid=" + chunked).POST(chunks)).statusCode())
        .isEqualTo(413);
    assertThat(engine.poll(chunked).body()).contains("\"code\":1");

    assertThat(opened).allSatisfy(echo -> {
      assertThat(echo.ends).containsExactly("payload too large");
      assertThat(echo.heard).isEmpty();
    });
  }

  @Test
  void bodyMayHoldMoreThanOneMessageOfTheLimit() throws Exception {
    EngineOptions.Sizes sizes = new EngineOptions.Sizes(1_000, 100, 4_000, 100_000);
    try (EchoServer large = new EchoServer(OPTIONS.withSizes(sizes))) {
      large.engine.open();
      Echo echo = large.opened.get(0);
      String sid = echo.connection.sid();
      echo.run(() -> echo.connection.standing().set(Trust.FULL));
      String three = String.join("\u001e", Collections.nCopies(3, "4" + "x".repeat(1_000)));
      assertThat(large.engine.post(sid, three).statusCode()).isEqualTo(200);
      assertThat(large.engine.poll(sid).body()).isEqualTo(three);

      assertThat(large.engine.post(sid, "4" + "x".repeat(1_001)).statusCode()).isEqualTo(413);
      assertThat(echo.ends).containsExactly("payload too large");
    }
  }

  @Test
  void clientThatIsNotTrustedMaySendOnlySmallMessages() throws Exception {
    EngineOptions.Sizes sizes = new EngineOptions.Sizes(1_000, 100, 4_000, 100_000);
    try (EchoServer large = new EchoServer(OPTIONS.withSizes(sizes))) {
      String sid = large.engine.open();
      String small = String.join("\u001e", Collections.nCopies(3, "4" + "x".repeat(100)));
      assertThat(large.engine.post(sid, small).statusCode()).isEqualTo(200);
      assertThat(large.engine.post(sid, "4" + "x".repeat(101)).statusCode()).isEqualTo(413);

      await().until(() -> !large.opened.get(0).ends.isEmpty());
      assertThat(large.opened.get(0).heard).hasSize(3);
    }
  }

  @Test
  void bodiesShareTheRoomThereIs() {
    BodyBudget budget = new BodyBudget(100);
    assertThat(budget.take(25, true)).isTrue();
    assertThat(budget.take(1, true)).isFalse();
    assertThat(budget.take(75, false)).isTrue();
    assertThat(budget.take(1, false)).isFalse();
    budget.release(75);
    assertThat(budget.take(1, false)).isTrue();
    assertThat(budget.taken()).isEqualTo(26);
  }

  @Test
  void bodyForWhichThereIsNoRoomEndsTheSession() throws Exception {
    EngineOptions.Sizes sizes = new EngineOptions.Sizes(30_000, 30_000, 30_000, 30_000);
    try (EchoServer large = new EchoServer(OPTIONS.withSizes(sizes))) {
      String sid = large.engine.open();
      // A stranger has 16 KB, and a quarter of 30,000 bytes.
      assertThat(large.engine.post(sid, "4" + "x".repeat(23_000)).statusCode()).isEqualTo(200);
      assertThat(large.engine.poll(sid).body()).hasSize(23_001);
      assertThat(large.engine.post(sid, "4" + "x".repeat(23_000)).statusCode()).isEqualTo(200);
      assertThat(large.engine.post(sid, "4" + "x".repeat(25_000)).statusCode()).isEqualTo(503);
      assertThat(large.opened.get(0).ends).containsExactly("no room for the payload");
    }
  }

  @Test
  void aBodyThatDoesNotArriveEndsTheSession() throws Exception {
    String sid = engine.open();
    try (Socket socket = new Socket("localhost", engine.port())) {
      RawHttp.write(
          socket,
          "POST /engine.io/?EIO=4&transport=polling&sid=" + sid
              + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n4a");
      assertThat(RawHttp.read(socket)).startsWith("HTTP/1.1 408");
    }
    await().until(() -> opened.get(0).ends.equals(List.of("transport error")));
  }

  @Test
  void overlappingPollsCloseTheSession() throws Exception {
    String sid = engine.open();
    CompletableFuture<HttpResponse<String>> first = engine.pollLater(sid);
    CompletableFuture<HttpResponse<String>> second = engine.pollLater(sid);

    List<HttpResponse<String>> both =
        List.of(first.get(5, TimeUnit.SECONDS), second.get(5, TimeUnit.SECONDS));
    assertThat(both).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 400);
    assertThat(both).extracting(HttpResponse::body).containsExactlyInAnyOrder("1", "");
    assertThat(engine.poll(sid).statusCode()).isEqualTo(400);
    assertThat(opened.get(0).ends).hasSize(1);
  }

  @Test
  void overlappingPostsCloseTheSession() throws Exception {
    String sid = engine.open();
    try (Socket socket = new Socket("localhost", engine.port())) {
      RawHttp.write(
          socket,
          "POST /engine.io/?EIO=4&transport=polling&sid=" + sid
              + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n4a");
      await().until(() -> engine.post(sid, "4b").statusCode() == 400);
    }
    await().until(() -> !opened.get(0).ends.isEmpty());
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    String sid = engine.open();
    assertThat(engine
            .send(engine.request("polling&sid=" + sid).method("PUT", BodyPublishers.noBody()))
            .statusCode())
        .isEqualTo(400);
  }
}
