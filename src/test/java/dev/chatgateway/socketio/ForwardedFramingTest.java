package dev.chatgateway.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests with doubtful framing come to a pod that would pass them on. */
class ForwardedFramingTest {
  private static final int FORWARDS = 16;
  private static final String CHUNKED_PONG = "1\r\n3\r\n0\r\n\r\n";
  // A whole request that a peer would answer, were it not a body.
  private static final String SMUGGLED = "42[\"x\"]";

  private final DoorPods pods = new DoorPods("chat.peers.max-forwards", Integer.toString(FORWARDS));
  private final String victim = pods.owner.open();

  @AfterEach
  void stop() {
    pods.close();
  }

  private void assertVictimIsServed() {
    for (int i = 0; i < 2 * FORWARDS; i++) {
      RawSocket.Response posted = pods.other.ask(pods.post(victim, "3"));
      assertThat(posted.status()).as(posted.head() + posted.body()).isEqualTo(200);
      assertThat(posted.body()).isEqualTo("ok");
    }
  }

  /** Framing that leaves no doubt what follows, by how it is written. */
  static Stream<Arguments> sound() {
    return table(Map.of(
        "a length", "Content-Length: 1\r\n\r\n3",
        "chunks", "Transfer-Encoding: chunked\r\n\r\n" + CHUNKED_PONG,
        "a capital", "Transfer-Encoding: Chunked\r\n\r\n" + CHUNKED_PONG,
        "blanks", "Transfer-Encoding: \t chunked\t \r\n\r\n" + CHUNKED_PONG));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sound")
  void soundFramingIsPassedOnWithTheTrueLength(String what, String rest) {
    for (int i = 0; i < 2 * FORWARDS; i++) {
      RawSocket.Response answer = pods.other.ask(pods.head("POST", victim) + rest);

      assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
    }
    assertVictimIsServed();
  }

  /** Framing that two readers may understand in two ways. */
  static Stream<Arguments> doubtful() {
    Map<String, String> all = new TreeMap<>();
    for (String coding : List.of(
        "chunked, xchunked",
        "xchunked, chunked",
        "xchunked",
        "chunked, chunked",
        "gzip, chunked",
        "identity",
        "chunked;q=1",
        "\"chunked\"",
        "chunked,",
        ",chunked",
        "")) {
      all.put("coding " + coding, "Transfer-Encoding: " + coding + "\r\n\r\n" + CHUNKED_PONG);
    }
    all.put("a blank before the colon", "Transfer-Encoding : chunked\r\n\r\n" + CHUNKED_PONG);
    all.put("a tab before the colon", "Transfer-Encoding\t: chunked\r\n\r\n" + CHUNKED_PONG);
    all.put("a vertical tab", "Transfer-Encoding: \u000bchunked\r\n\r\n" + CHUNKED_PONG);
    all.put("a fold", "Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKED_PONG);
    all.put("the same length twice", "Content-Length: 1\r\nContent-Length: 1\r\n\r\n3");
    all.put("both", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED_PONG);
    all.put("two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n3");
    all.put("a plus", "Content-Length: +1\r\n\r\n3");
    all.put("a minus", "Content-Length: -1\r\n\r\n3");
    all.put("hex", "Content-Length: 0x1\r\n\r\n3");
    all.put("two lengths in one", "Content-Length: 1, 2\r\n\r\n3");
    all.put("two lengths", "Content-Length: 1\r\nContent-Length: 2\r\n\r\n3");
    all.put("a late length", late("Content-Length#0") + "Content-Length: 1\r\n\r\n3");
    all.put("a late longer one", late("Content-Length#900") + "\r\n");
    all.put("a late length of a body of none", late("Content-Length#7") + "\r\n");
    all.put(
        "a late length on chunks",
        late("Content-Length#1") + "Transfer-Encoding: chunked\r\n\r\n7\r\n" + SMUGGLED
            + "\r\n0\r\n\r\n");
    all.put(
        "late chunks on a length",
        late("Transfer-Encoding#chunked") + "Content-Length: 1\r\n\r\n3");
    return table(all);
  }

  private static String late(String header) {
    return DoorPods.LATE_HEADER + ": " + header + "\r\n";
  }

  private static Stream<Arguments> table(Map<String, String> rows) {
    return rows.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doubtful")
  void doubtfulFramingIsRefusedBeforeAConnectionIsTaken(String what, String rest) {
    for (int i = 0; i < 2 * FORWARDS; i++) {
      try (RawSocket client = pods.other.connect()) {
        client.write((pods.head("POST", victim) + rest).getBytes(UTF_8));
        RawSocket.Response answer = client.readResponse();
        assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(400);
        assertThat(client.read()).as("what follows").isNull();
      }
    }
    assertThat(pods.other.forwarded()).isZero();
    assertVictimIsServed();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doubtful")
  void aPollWithABodyIsRefusedToo(String what, String rest) {
    for (String method : List.of("poll", "upgrade")) {
      String head = method.equals("poll") ? pods.head("GET", victim) : pods.upgrade(victim);
      String request = head.replaceFirst("\r\n\r\n$", "\r\n") + rest;
      assertThat(pods.other.ask(request).status()).isEqualTo(400);
    }
    assertThat(pods.other.forwarded()).isZero();
    assertVictimIsServed();
  }

  @Test
  void manyBadRequestsLeaveNothingTaken() {
    List<RawSocket> kept = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      RawSocket client = pods.other.connect();
      kept.add(client);
      client.write((pods.head("POST", victim) + "Transfer-Encoding: chunked, xchunked\r\n\r\n"
              + CHUNKED_PONG)
          .getBytes(UTF_8));
    }
    kept.forEach(client -> assertThat(client.readResponse().status()).isEqualTo(400));

    assertVictimIsServed();
    kept.forEach(RawSocket::close);
  }
}
