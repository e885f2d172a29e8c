package dev.chatgateway.socketio.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.socketio.EngineFixture;
import dev.chatgateway.socketio.WebSocketClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineServerTest {
  private static final EngineOptions OPTIONS = EngineOptions.DEFAULTS
      .withMaxPayload(10_000)
      .withTimeouts(Duration.ofMillis(400), Duration.ofSeconds(5), Duration.ofMillis(400));

  private static final class Echo implements EngineListener {
    private final EngineConnection connection;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();

    private Echo(EngineConnection connection) {
      this.connection = connection;
    }

    @Override
    public void text(String message) {
      assertThat(connection.eventLoop().inEventLoop()).isTrue();
      heard.add(message);
      if (message.equals("fail")) {
        throw new IllegalStateException("on purpose");
      }
      connection.send(message);
    }

    @Override
    public void binary(byte[] message) {
      connection.send(Unpooled.wrappedBuffer(message));
    }

    @Override
    public void closed(String reason) {
      ends.add(reason);
    }

    private void run(Runnable action) {
      connection.eventLoop().execute(action);
    }
  }

  private final List<Echo> opened = new CopyOnWriteArrayList<>();
  private EngineFixture engine;

  @BeforeEach
  void start() throws Exception {
    start(OPTIONS);
  }

  private void start(EngineOptions options) throws Exception {
    start(options, Admission.ALL, Forwarder.NONE);
  }

  private void start(EngineOptions options, Admission admission, Forwarder forwarder)
      throws Exception {
    stop();
    engine = new EngineFixture(options, admission, forwarder, connection -> {
      Echo echo = new Echo(connection);
      opened.add(echo);
      return echo;
    });
  }

  @AfterEach
  void stop() throws Exception {
    if (engine != null) {
      engine.close();
    }
    opened.clear();
  }

  // --- handshake

  @Test
  void aPollingHandshakeTellsExactlyFiveThings() throws Exception {
    HttpResponse<String> response = engine.get("polling");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(response.body())
        .matches("0\\{\"sid\":\"[^\"]+\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,"
            + "\"pingTimeout\":20000,\"maxPayload\":10000}");
  }

  @Test
  void aWebSocketHandshakeOffersNoUpgrade() throws Exception {
    assertThat((String) engine.webSocketOf("").next())
        .matches("0\\{\"sid\":\"[^\"]+\",\"upgrades\":\\[],\"pingInterval\":25000,"
            + "\"pingTimeout\":20000,\"maxPayload\":10000}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ?EIO=4, 0, Transport unknown",
    "GET, ?EIO=4&transport=abc, 0, Transport unknown",
    "GET, ?EIO=4&transport=webtransport, 0, Transport unknown",
    "GET, ?EIO=4&transport=polling&sid=nobody, 1, Session ID unknown",
    "POST, ?EIO=4&transport=polling&sid=nobody, 1, Session ID unknown",
    "POST, ?EIO=4&transport=polling, 2, Bad handshake method",
    "PUT, ?EIO=4&transport=polling, 2, Bad handshake method",
    "GET, ?EIO=4&transport=websocket, 3, Bad request",
    "GET, ?EIO=4&transport=polling&j=0, 3, Bad request",
    "GET, ?transport=polling, 5, Unsupported protocol version",
    "GET, ?EIO=3&transport=polling, 5, Unsupported protocol version",
    "GET, ?EIO=abc&transport=polling, 5, Unsupported protocol version",
  })
  void badHandshakesAreRefusedByNumber(String method, String query, int code, String message)
      throws Exception {
    HttpResponse<String> response =
        engine.send(engine.requestOf(query).method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.body())
        .isEqualTo("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
    assertThat(opened).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/engine.io/?transport=websocket",
        "/engine.io/?EIO=3&transport=websocket",
        "/engine.io/?EIO=4",
        "/engine.io/?EIO=4&transport=polling",
        "/engine.io/?EIO=4&transport=websocket&sid=nobody",
        "/engine.io/?EIO=4&transport=websocket&x=%zz"
      })
  void badUpgradesAreRefused(String path) throws Exception {
    assertThat(rawUpgrade(path)).startsWith("HTTP/1.1 400 Bad Request");
    assertThat(engine.server.sessions()).isZero();
  }

  @Test
  void admissionRefusesWithAStatusAndAddsHeaders() throws Exception {
    Admission admission = new Admission() {
      @Override
      public Denial check(HttpServerRequest request, boolean handshake) {
        if ("evil".equals(request.getHeader("X-From"))) {
          return Denial.FORBIDDEN;
        }
        return handshake && "late".equals(request.getHeader("X-From"))
            ? new Denial(503, Map.of("Retry-After", "1"))
            : null;
      }

      @Override
      public void addHeaders(HttpServerRequest request, MultiMap headers) {
        headers.set("Access-Control-Allow-Origin", "https://a.example");
      }
    };
    start(OPTIONS, admission, Forwarder.NONE);

    HttpResponse<String> forbidden =
        engine.send(engine.request("polling").header("X-From", "evil"));
    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(forbidden.body()).isEqualTo("{\"code\":4,\"message\":\"Forbidden\"}");

    HttpResponse<String> late = engine.send(engine.request("polling").header("X-From", "late"));
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("retry-after")).hasValue("1");

    HttpResponse<String> preflight =
        engine.send(engine.request("polling").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(204);

    String sid = engine.open();
    HttpResponse<String> post = engine.send(engine
        .request("polling&sid=" + sid)
        .header("X-From", "late")
        .POST(BodyPublishers.ofString("4a")));
    for (HttpResponse<String> one : List.of(forbidden, late, preflight, post, engine.poll(sid))) {
      assertThat(one.headers().firstValue("access-control-allow-origin"))
          .hasValue("https://a.example");
    }
    assertThat(post.statusCode()).isEqualTo(200);
  }

  @Test
  void requestsOfUnknownSessionsMayBeForwardedUnread() throws Exception {
    start(OPTIONS, Admission.ALL, (request, sid, unknown) -> {
      if (!sid.startsWith("elsewhere")) {
        return false;
      }
      request.body().onSuccess(body -> request.response().end(sid + " got " + body));
      return true;
    });

    assertThat(engine.post("elsewhere-7", "4a").body()).isEqualTo("elsewhere-7 got 4a");
    assertThat(engine.poll("nowhere").statusCode()).isEqualTo(400);
    assertThat(rawUpgrade("/engine.io/?EIO=4&transport=websocket&sid=elsewhere-8"))
        .startsWith("HTTP/1.1 200");
  }

  // --- polling

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
  void aBodyOverTheLimitIsRefusedAndTheSessionGoesOn() throws Exception {
    String sid = engine.open();

    assertThat(engine.post(sid, "4" + "x".repeat(10_000)).statusCode()).isEqualTo(413);
    HttpRequest.BodyPublisher chunked =
        BodyPublishers.fromPublisher(BodyPublishers.ofString("4" + "x".repeat(10_000)));
    assertThat(engine.send(engine.request("polling&sid=" + sid).POST(chunked)).statusCode())
        .isEqualTo(413);

    assertThat(engine.post(sid, "4" + "x".repeat(9_999)).statusCode()).isEqualTo(200);
    assertThat(engine.poll(sid).body()).hasSize(10_000);
  }

  @Test
  void aBodyThatDoesNotArriveEndsTheSession() throws Exception {
    String sid = engine.open();
    try (Socket socket = new Socket("localhost", engine.port())) {
      write(
          socket,
          "POST /engine.io/?EIO=4&transport=polling&sid=" + sid
              + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n4a");
      assertThat(read(socket)).startsWith("HTTP/1.1 408");
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
      write(
          socket,
          "POST /engine.io/?EIO=4&transport=polling&sid=" + sid
              + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n4a");
      await().until(() -> engine.post(sid, "4b").statusCode() == 400);
    }
    await().until(() -> !opened.get(0).ends.isEmpty());
  }

  @Test
  void aPollTheClientGoesAwayFromEndsTheSession() throws Exception {
    String sid = engine.open();
    try (Socket socket = new Socket("localhost", engine.port())) {
      write(
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
  void aSessionClosedHereTellsItToTheNextPoll() throws Exception {
    String sid = engine.open();
    Echo echo = opened.get(0);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(1012, "going");
      echo.connection.send("never");
    });

    await().until(() -> echo.ends.equals(List.of("going")));
    assertThat(engine.poll(sid).body()).isEqualTo("4last words\u001e1");
    assertThat(engine.poll(sid).body()).contains("\"code\":1");
    assertThat(engine.server.sessions()).isZero();
  }

  @Test
  void unreadMessagesAreBounded() throws Exception {
    start(OPTIONS.withMaxPending(1_000));
    engine.open();
    Echo echo = opened.get(0);
    echo.run(() -> {
      for (int i = 0; i < 100; i++) {
        echo.connection.send("x".repeat(20));
      }
    });

    await().until(() -> echo.ends.equals(List.of("too slow")));
    assertThat(engine.server.sessions()).isZero();
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

  @Test
  void otherMethodsAreRefused() throws Exception {
    String sid = engine.open();
    assertThat(engine
            .send(engine.request("polling&sid=" + sid).method("PUT", BodyPublishers.noBody()))
            .statusCode())
        .isEqualTo(400);
  }

  // --- WebSocket

  @Test
  void aWebSocketCarriesTextAndBinary() throws Exception {
    WebSocketClient socket = engine.webSocket();

    socket.send("4h\u00e9llo");
    socket.send(new byte[] {1, 2, 3});
    socket.sendPart("4par", false);
    socket.sendPart("ts", true);

    assertThat(socket.next()).isEqualTo("4h\u00e9llo");
    assertThat(socket.next()).isEqualTo(new byte[] {1, 2, 3});
    assertThat(socket.next()).isEqualTo("4parts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "7", "2", "bAQID"})
  void aMalformedPacketClosesTheWebSocket(String packet) throws Exception {
    WebSocketClient socket = engine.webSocket();

    socket.send(packet);

    assertThat(socket.closeCode()).isEqualTo(1002);
    await().until(() -> opened.get(0).ends.size() == 1 && engine.server.sessions() == 0);
  }

  @Test
  void aMessageOverTheLimitClosesTheWebSocket() throws Exception {
    WebSocketClient whole = engine.webSocket();
    whole.send("4" + "x".repeat(10_000));
    assertThat(whole.closeCode()).isEqualTo(1009);

    WebSocketClient parts = engine.webSocket();
    parts.sendPart("4" + "x".repeat(6_000), false);
    parts.sendPart("x".repeat(6_000), true);
    assertThat(parts.closeCode()).isEqualTo(1009);
  }

  @Test
  void textThatIsNotUtf8ClosesTheWebSocket() throws Exception {
    try (Socket socket = new Socket("localhost", engine.port())) {
      write(socket, upgradeRequest("/engine.io/?EIO=4&transport=websocket"));
      assertThat(read(socket)).startsWith("HTTP/1.1 101");
      OutputStream out = socket.getOutputStream();
      out.write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, '4', (byte) 0xC3});
      out.flush();
      InputStream in = socket.getInputStream();
      StringBuilder hex = new StringBuilder();
      for (int b; (b = in.read()) >= 0 && !hex.toString().contains("03ef"); ) {
        hex.append(String.format("%02x", b));
      }
      assertThat(hex).contains("03ef"); // 1007
    }
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void compressionIsNotAgreedOn() throws Exception {
    String response = rawUpgrade(
        "/engine.io/?EIO=4&transport=websocket",
        "Sec-WebSocket-Extensions: permessage-deflate\r\n");

    assertThat(response).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("permessage");
  }

  @Test
  void theSessionEndsWithItsWebSocket() throws Exception {
    WebSocketClient polite = engine.webSocket();
    WebSocketClient rude = engine.webSocket();
    WebSocketClient byPacket = engine.webSocket();

    polite.close();
    rude.abort();
    byPacket.send("1");

    await().until(() -> opened.stream().allMatch(echo -> echo.ends.size() == 1));
    assertThat(byPacket.closeCode()).isEqualTo(1000);
    await().until(() -> engine.server.sessions() == 0);
  }

  @Test
  void closingHereGivesTheCodeAfterWhatWasSent() throws Exception {
    WebSocketClient socket = engine.webSocket();
    Echo echo = opened.get(0);
    echo.run(() -> {
      echo.connection.send("last words");
      echo.connection.close(4408, "slow");
    });

    assertThat(socket.next()).isEqualTo("4last words");
    assertThat(socket.closeCode()).isEqualTo(4408);
    await().until(() -> echo.ends.equals(List.of("slow")));
  }

  @Test
  void onlyTwoHandshakeHeadersAreKept() throws Exception {
    engine.send(
        engine.request("polling").header("Authorization", "Bearer x").header("Origin", "o"));

    EngineConnection connection = opened.get(0).connection;
    assertThat(connection.handshakeHeaders()).isEqualTo(new HandshakeHeaders("Bearer x", "o"));
  }

  // --- upgrade

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

  // --- heartbeat

  @Test
  void aClientThatAnswersPingsStays() throws Exception {
    start(OPTIONS.withHeartbeat(Duration.ofMillis(100), Duration.ofMillis(2_000)));
    WebSocketClient socket = engine.webSocket();
    String sid = engine.open();
    for (int i = 0; i < 3; i++) {
      assertThat(socket.next()).isEqualTo("2");
      socket.send("3");
      assertThat(engine.poll(sid).body()).isEqualTo("2");
      engine.post(sid, "3");
    }
    assertThat(opened).allSatisfy(echo -> assertThat(echo.ends).isEmpty());
  }

  @Test
  void aClientThatDoesNotIsGone() throws Exception {
    start(OPTIONS.withHeartbeat(Duration.ofMillis(100), Duration.ofMillis(100)));
    WebSocketClient socket = engine.webSocket();
    String sid = engine.open();

    assertThat(socket.next()).isEqualTo("2");
    assertThat(socket.closeCode()).isEqualTo(1000);
    await().until(() -> engine.server.sessions() == 0);
    assertThat(engine.poll(sid).body()).contains("\"code\":1");
    await()
        .untilAsserted(() -> assertThat(opened)
            .allSatisfy(echo -> assertThat(echo.ends).containsExactly("ping timeout")));
  }

  // --- by hand

  private static <T> T onLoop(Echo echo, Callable<T> question)
      throws InterruptedException, ExecutionException {
    return echo.connection.eventLoop().submit(question).get();
  }

  private String rawUpgrade(String path, String... headers) throws Exception {
    try (Socket socket = new Socket("localhost", engine.port())) {
      write(socket, upgradeRequest(path, headers));
      return read(socket);
    }
  }

  private static String upgradeRequest(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + String.join("", headers)
        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  }

  private static void write(Socket socket, String text) throws Exception {
    socket.setSoTimeout(5_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** The head of a response. */
  private static String read(Socket socket) throws Exception {
    StringBuilder head = new StringBuilder();
    for (int b; head.indexOf("\r\n\r\n") < 0 && (b = socket.getInputStream().read()) >= 0; ) {
      head.append((char) b);
    }
    return head.toString();
  }
}
