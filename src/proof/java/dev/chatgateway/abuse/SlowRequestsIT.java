package dev.chatgateway.abuse;

import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.abuse.SlowCrowd.Opening;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that never get to the end of what they say keep nothing for long (slowloris). */
class SlowRequestsIT {
  private static final Duration REQUEST = Duration.ofSeconds(2);
  private static final Duration AUTHENTICATION = Duration.ofSeconds(2);
  private static final Duration PING_AND_PONG = Duration.ofSeconds(4);
  // For closing in order, and for a machine that is busy.
  private static final Duration SLACK = Duration.ofSeconds(12);
  private static final int CROWD = Volume.of(210, 7_000);
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
  private static final byte[] SILENCE = {};
  private static final byte[] LETTERS = new byte[5_000];

  static {
    Arrays.fill(LETTERS, (byte) 'a');
  }

  private static AbusedPod pod;

  @BeforeAll
  static void start() {
    pod = AbusedPod.start(
        "chat.limits.request-timeout", "2s",
        "chat.limits.authentication-timeout", "2s",
        "chat.limits.ping-interval", "1s",
        "chat.limits.pong-timeout", "3s",
        "chat.socketio.ping-interval", "1s",
        "chat.socketio.ping-timeout", "3s",
        "chat.socketio.connect-timeout", "2s");
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  @Test
  void requestsThatDoNotEndAreCutOff() {
    double late = pod.metric("chat_requests_late_total");
    requireEnded("slow requests", REQUEST, REQUEST, SlowRequestsIT::request);
    assertThat(pod.metric("chat_requests_late_total") - late).isEqualTo(CROWD);
  }

  private static Opening request(int i) {
    String token = Tokens.service().sign();
    String call = "POST /api/tickets/" + i + "/messages HTTP/1.1\r\nHost: x\r\n"
        + "Content-Type: application/json\r\nContent-Length: 5000\r\n";
    return switch (i % 7) {
      case 0 -> begin("", SILENCE);
      case 1 -> begin("G", ascii("ET /chat HTTP/1.1\r\nX: " + "a".repeat(900)));
      case 2 ->
        begin(
            "GET /socket.io/?EIO=3 HTTP/1.1\r\nHost: x\r\n\r\nGET",
            ascii(" /chat HTTP/1.1\r\nX: " + "a".repeat(900)));
      // At the other door an upgrade with a body is refused at once.
      case 3 -> webSocket(0, null, SILENCE, "Content-Length: 500");
      case 4 -> begin(call + "\r\n{\"text\":\"", LETTERS);
      case 5 -> begin(call + "Authorization: Bearer " + token + "\r\n\r\n{\"text\":\"", LETTERS);
      default ->
        begin(
            "POST " + POLLING + "&sid=" + newSession()
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n4",
            LETTERS);
    };
  }

  private static String newSession() {
    String opened = PodProcess.get(pod.process().http(POLLING)).body();
    int at = opened.indexOf("\"sid\":\"") + 7;
    return opened.substring(at, opened.indexOf('"', at));
  }

  @Test
  void halfAFrameIsNoSignOfLife() {
    requireEnded("half frames", AUTHENTICATION, PING_AND_PONG, SlowRequestsIT::halfAFrame);
  }

  private static Opening halfAFrame(int i) {
    byte[] half = Arrays.copyOf(RawSocket.frame(FINAL | TEXT, LETTERS), 20);
    byte[] entered = RawSocket.join(RawSocket.text("40"), half);
    String token = "Authorization: Bearer " + Tokens.user("slow-" + i).sign();
    return switch (i % 4) {
      case 0 -> webSocket(0, half, LETTERS);
      case 1 -> webSocket(1, half, LETTERS);
      case 2 -> webSocket(0, half, LETTERS, token);
      default -> webSocket(1, entered, LETTERS, token);
    };
  }

  private static void requireEnded(
      String what, Duration least, Duration most, IntFunction<Opening> opening) {
    pod.whileOthersTalk(what, () -> {
      try (SlowCrowd crowd = new SlowCrowd(pod.chat(), CROWD, opening)) {
        crowd.awaitEnd(most, SLACK);
        assertThat(crowd.heard()).noneMatch(heard -> heard.contains("HTTP/1.1 5"));
        List<Duration> lives = crowd.lives();
        System.out.printf(
            "%s: %d connections lasted %s to %s%n",
            what, CROWD, lives.get(0), lives.get(CROWD - 1));
        assertThat(lives.get(0))
            .as("the shortest life; heard: %s", crowd.heard())
            .isGreaterThan(least.minusMillis(500));
      }
    });
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Opening begin(String text, byte[] slowly) {
    return new Opening(ascii(text), null, slowly);
  }

  private static Opening webSocket(int door, byte[] more, byte[] slowly, String... headers) {
    byte[] request = RawSocket.handshake(door % 2 == 0 ? pod.chat() : pod.socketIo(), headers);
    return new Opening(request, more, slowly);
  }
}
