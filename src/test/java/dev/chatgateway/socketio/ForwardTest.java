package dev.chatgateway.socketio;

import static dev.chatgateway.testing.TwoPods.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes to the pod that owns a session, and what of its answers comes back. */
class ForwardTest {
  private static final int FORWARDS = 16;
  private static final String POISON = "4another client's";

  private final DoorPods pods = new DoorPods(
      "chat.peers.max-forwards", Integer.toString(FORWARDS),
      // A poll may go unanswered for these and a margin.
      "chat.socketio.ping-interval", "100ms",
      "chat.socketio.ping-timeout", "100ms");
  private final FakePeer peer = new FakePeer(pods);
  private final String sid = FakePeer.sid();

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler capture = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() > Level.INFO.intValue()) {
        logged.add(entry.getLoggerName() + ": " + entry.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(capture);
  }

  @AfterEach
  void stop() {
    List<String> during = List.copyOf(logged); // Redis's client has words of its own at the end
    Logger.getLogger("").removeHandler(capture);
    peer.close();
    pods.close();
    assertThat(during).as("what a stranger can have logged").isEmpty();
  }

  private RawSocket.Response ask(String request) {
    return pods.other.ask(request);
  }

  private void assertServed() {
    peer.answer(peer::ok);
    for (int i = 0; i < 2 * FORWARDS; i++) {
      RawSocket.Response answer = ask(pods.post(sid, "3"));
      assertThat(answer.status()).as(answer.head()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
    }
  }

  // --- what is passed on

  private static final String[] HOSTILE = {
    "Connection: Content-Length, Content-Type, Chat-Forwarded-By, Host",
    "Keep-Alive: timeout=1",
    "Proxy-Connection: keep-alive",
    "TE: trailers, chunked",
    "Trailer: Content-Length",
    "Origin: http://chat.example",
    "Authorization: Bearer x",
    "Cookie: a=b",
    "X-Forwarded-For: 10.0.0.1",
    "Forwarded: for=x",
    "Sec-WebSocket-Protocol: x, quarkus-http-upgrade%23Content-Length%23900",
    "Sec-WebSocket-Extensions: permessage-deflate",
    "Content-Encoding: gzip",
    "Accept-Encoding: gzip",
    "X-HTTP-Method-Override: DELETE",
    "Chat-Answered-By: x"
  };

  @Test
  void aPostIsPassedOnWithAFixedListOfHeaders() {
    ask(pods.post(sid, "3", with(HOSTILE, "Content-Type: text/plain;charset=UTF-8")));

    FakePeer.Received one = peer.received.get(0);
    assertThat(one.headers().keySet())
        .containsExactlyInAnyOrder("host", "chat-forwarded-by", "content-type", "content-length");
    assertThat(one.line())
        .isEqualTo("POST /socket.io/?EIO=4&transport=polling&sid=" + sid + " HTTP/1.1");
    assertThat(one.headers())
        .containsEntry("content-length", "1")
        .containsEntry("content-type", "text/plain;charset=UTF-8");
    assertThat(one.body()).isEqualTo("3");
  }

  @Test
  void aPollIsPassedOnWithAFixedListOfHeaders() {
    ask(pods.poll(sid, with(HOSTILE, "Content-Length: 0", "Upgrade: x")));

    assertThat(peer.received.get(0).headers().keySet())
        .containsExactlyInAnyOrder("host", "chat-forwarded-by");
  }

  @Test
  void anUpgradeIsPassedOnWithAFixedListOfHeaders() {
    ask(pods.upgrade(sid, with(HOSTILE)));

    assertThat(peer.received.get(0).headers().keySet())
        .containsExactlyInAnyOrder(
            "host",
            "chat-forwarded-by",
            "connection",
            "upgrade",
            "sec-websocket-key",
            "sec-websocket-version");
    assertThat(peer.received.get(0).headers().get("connection")).isEqualToIgnoringCase("upgrade");
  }

  @Test
  void nothingOfTheQueryIsPassedOnButTheSession() {
    ask("GET http://chat.example/socket.io/?transport=polling&x=%0d%0aX:y&sid=" + sid
        + "&sid=other&EIO=3&t=1 HTTP/1.1\r\nHost: chat.example\r\n\r\n");

    assertThat(peer.received.get(0).line())
        .isEqualTo("GET /socket.io/?EIO=4&transport=polling&sid=" + sid + " HTTP/1.1");
  }

  @ParameterizedTest
  @MethodSource("badHandshakes")
  void anUpgradeWithoutOneKeyAndVersionIsNotPassedOn(String from, String to) {
    RawSocket.Response answer = ask(pods.upgrade(sid).replace(from, to));

    assertThat(answer.status()).isEqualTo(426);
    assertThat(peer.received).isEmpty();
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> badHandshakes() {
    String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    String version = "Sec-WebSocket-Version: 13\r\n";
    return Stream.of(
            new String[] {key, ""},
            new String[] {key, key + key},
            new String[] {key, "Sec-WebSocket-Key: short\r\n"},
            new String[] {version, ""},
            new String[] {version, version + version},
            new String[] {version, "Sec-WebSocket-Version: 8\r\n"})
        .map(pair -> org.junit.jupiter.params.provider.Arguments.of(pair[0], pair[1]));
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  // --- what comes back

  @Test
  void aCleanAnswerLeavesTheConnectionForTheNext() {
    assertServed();

    assertThat(peer.received.stream().map(FakePeer.Received::connection).distinct())
        .hasSize(1);
  }

  @Test
  void onlyAFixedListOfTheAnswersHeadersComesBack() {
    peer.answer(request -> peer.ok(request)
        .replace("\r\n\r\n", "\r\nSet-Cookie: a=b\r\nX-Any: y\r\nCache-Control: no-store\r\n\r\n"));

    RawSocket.Response answer = ask(pods.post(sid, "3"));

    assertThat(answer.head().toLowerCase(java.util.Locale.ROOT))
        .contains("content-type: text/html", "cache-control: no-store", "content-length: 2")
        .doesNotContain("set-cookie", "x-any", "chat-answered-by");
  }

  /** Answers after which nobody can say where the next one begins, or whose it is. */
  static Stream<Doubt> doubts() {
    String head = "HTTP/1.1 200 OK\r\n";
    return Stream.of(
        new Doubt("no proof", peer -> request -> head + "Content-Length: 2\r\n\r\nok"),
        new Doubt(
            "another's number",
            peer -> request -> peer.ok(request).replace(request.number(), "B".repeat(22))),
        new Doubt(
            "another pod's", peer -> request -> peer.ok(request).replace(FakePeer.ID, "00000000")),
        new Doubt(
            "two proofs",
            peer -> request ->
                peer.ok(request).replace("\r\n\r\n", "\r\n" + peer.proof(request) + "\r\n")),
        new Doubt(
            "two lengths",
            peer -> request ->
                head + peer.proof(request) + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"),
        new Doubt("no length", peer -> request -> head + peer.proof(request) + "\r\nok"),
        new Doubt(
            "chunks",
            peer -> request ->
                head + peer.proof(request) + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        new Doubt(
            "chunks and a length",
            peer -> request -> head + peer.proof(request)
                + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        new Doubt(
            "a refusal that leaves the connection open",
            peer -> request ->
                "HTTP/1.1 400 Bad Request\r\n" + peer.proof(request) + "Content-Length: 0\r\n\r\n"),
        new Doubt("no HTTP", peer -> request -> "nonsense\r\n\r\n"),
        new Doubt("half a head", peer -> request -> request.connection() > 0 ? null : ""));
  }

  record Doubt(String what, Function<FakePeer, Function<FakePeer.Received, String>> answer) {
    @Override
    public String toString() {
      return what;
    }
  }

  @ParameterizedTest
  @MethodSource("doubts")
  void aDoubtfulAnswerIsNotPassedOnAndItsConnectionNotUsedAgain(Doubt doubt) {
    peer.answer(doubt.answer().apply(peer));
    for (int i = 0; i < 2 * FORWARDS; i++) {
      assertThat(ask(pods.post(sid, "3")).status()).isEqualTo(502);
    }
    assertThat(peer.received.stream().map(FakePeer.Received::connection)).doesNotHaveDuplicates();
    eventually("all closed", () -> peer.ended.get() == 2 * FORWARDS);

    assertServed();
  }

  @ParameterizedTest
  @MethodSource("doubts")
  void aWebSocketIsNotOpenedOnADoubtfulAnswer(Doubt doubt) {
    peer.answer(request -> {
      String answer = doubt.answer().apply(peer).apply(request);
      return answer == null
          ? null
          : answer.replace(
              "200 OK", "101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade");
    });
    for (int i = 0; i < 2 * FORWARDS; i++) {
      assertThat(ask(pods.upgrade(sid)).status()).isIn(400, 502);
    }
    eventually("all closed", () -> peer.ended.get() == peer.received.size());

    assertServed();
  }

  @Test
  void whatFollowsAnAnswerReachesNobody() {
    peer.answer(request -> peer.ok(request)
        + "HTTP/1.1 200 OK\r\n" + peer.proof(request)
        + "Content-Length: " + POISON.length() + "\r\n\r\n" + POISON);
    for (int i = 0; i < 4 * FORWARDS; i++) {
      RawSocket.Response answer = ask(pods.post(sid, "3"));
      assertThat(answer.head() + answer.body()).doesNotContain(POISON);
    }

    assertServed();
  }

  @Test
  void halfAnAnswerDoesNotPassForAWholeOne() {
    peer.answer(request -> {
      boolean first = peer.received.size() == 1;
      return first
          ? "HTTP/1.1 200 OK\r\n" + peer.proof(request) + "Content-Length: 10\r\n\r\nhal"
          : null;
    });
    try (RawSocket client = pods.other.connect()) {
      client.write(pods.post(sid, "3").getBytes(UTF_8));
      eventually("it has come", () -> peer.received.size() == 1);
      peer.close();

      RawSocket.Response answer = client.readResponse();
      assertThat(answer.body()).isNotEqualTo("ok").hasSizeLessThan(10);
      assertThat(client.read()).isNull();
    }
  }

  @Test
  void aPeerThatNeverAnswersCostsItsRequestAndNoMore() {
    peer.answer(request -> "");
    List<RawSocket> clients = new ArrayList<>();
    for (int i = 0; i < FORWARDS; i++) {
      clients.add(pods.other.connect());
      clients.get(i).write(pods.poll(sid).getBytes(UTF_8));
    }
    eventually("all have come", () -> peer.received.size() == FORWARDS);
    RawSocket.Response oneTooMany = ask(pods.poll(sid));
    assertThat(oneTooMany.status()).isEqualTo(503);
    assertThat(oneTooMany.head().toLowerCase(Locale.ROOT))
        .contains("retry-after: 1\r\n", "application/problem+json");
    assertThat(oneTooMany.body()).contains("\"code\":\"unavailable\"");

    clients.forEach(client -> assertThat(client.readResponse().status()).isEqualTo(502));
    clients.forEach(RawSocket::close);
    assertServed();
  }

  // --- whom it goes through

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(booleans = {false, true})
  void aClientThatGoesTakesItsConnectionToTheOwnerAlong(boolean webSocket) {
    peer.answer(request -> "");
    for (int i = 1; i <= 3 * FORWARDS; i++) {
      int count = i;
      try (RawSocket client = pods.other.connect()) {
        client.write((webSocket ? pods.upgrade(sid) : pods.poll(sid)).getBytes(UTF_8));
        eventually("it has come", () -> peer.received.size() == count);
      }
      eventually("its end", () -> peer.ended.get() == count);
    }

    assertServed();
  }

  @Test
  void aConnectionThatCarriesManyRequestsHasFourUnderWay() throws Exception {
    peer.answer(request -> "");
    HttpClient multiplexing = HttpClient.newHttpClient();
    URI uri = pods.other.uri().resolve("/socket.io/?EIO=4&transport=polling&sid=" + sid);
    String elsewhere = "/socket.io/?EIO=4&transport=polling";
    HttpResponse<String> first = multiplexing.send(
        HttpRequest.newBuilder(pods.other.uri().resolve(elsewhere)).build(),
        BodyHandlers.ofString());
    assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);

    List<CompletableFuture<HttpResponse<String>>> polls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      polls.add(
          multiplexing.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
    }

    eventually("four passed on", () -> peer.received.size() == 4);
    eventually(
        "two refused",
        () -> polls.stream()
                .filter(poll -> poll.isDone() && poll.join().statusCode() == 503)
                .count()
            == 2);
  }

  @Test
  void pipelinedRequestsAreAnsweredInTurnAndEachWithItsOwn() {
    peer.answer(request -> peer.ok(request)
        .replace("Content-Length: 2\r\n\r\nok", "Content-Length: 1\r\n\r\n" + request.body()));
    try (RawSocket client = pods.other.connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        all.append(pods.post(sid, Integer.toString(i)));
      }
      client.write(all.toString().getBytes(UTF_8));

      for (int i = 0; i < 8; i++) {
        assertThat(client.readResponse().body()).isEqualTo(Integer.toString(i));
      }
    }
    assertServed();
  }

  @Test
  void whatIsPipelinedBehindAnUpgradeIsNoRequestOfTheOwners() {
    peer.answer(request -> "HTTP/1.1 400 Bad Request\r\n" + peer.proof(request)
        + "Connection: close\r\nContent-Length: 0\r\n\r\n");
    try (RawSocket client = pods.other.connect()) {
      client.write((pods.upgrade(sid) + pods.post(sid, "3")).getBytes(UTF_8));

      assertThat(client.readResponse().status()).isEqualTo(400);
      eventually("both have come", () -> peer.received.size() == 2);
    }
    assertThat(peer.received.get(0).line()).startsWith("GET");
    assertThat(peer.received.get(1).line()).startsWith("POST");
    assertThat(peer.received.get(1).connection())
        .isNotEqualTo(peer.received.get(0).connection());
    assertServed();
  }

  @Test
  void aMethodOfNoSessionIsNotPassedOn() {
    for (String method : List.of("PUT", "DELETE", "PATCH", "HEAD", "TRACE", "X")) {
      String head = pods.head(method, sid) + "\r\n";
      try (RawSocket client = pods.other.connect()) {
        client.write(head.getBytes(UTF_8));
        assertThat(client.readStatus()).as(method).isBetween(400, 499);
      }
    }
    assertThat(peer.received).isEmpty();
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedByTheOwner() {
    peer.answer(request -> "HTTP/1.1 413 Too Large\r\n" + peer.proof(request)
        + "Connection: close\r\nContent-Length: 0\r\n\r\n");
    String body = "3".repeat(512 * 1024 + 1);

    assertThat(pods.owner.open()).isNotEmpty();
    for (String rest : List.of(
        "Content-Length: " + body.length() + "\r\n\r\n",
        "Content-Length: 99999999999\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
            + "\r\n")) {
      String real = pods.head("POST", pods.owner.open()) + rest;
      assertThat(ask(real).status()).as(rest.substring(0, 20)).isEqualTo(413);
    }
    assertServed();
  }
}
