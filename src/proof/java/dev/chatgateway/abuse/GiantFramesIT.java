package dev.chatgateway.abuse;

import static dev.chatgateway.testing.RawSocket.CONTINUATION;
import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static dev.chatgateway.testing.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Frames, messages and bodies that are too large, or never end. */
class GiantFramesIT {
  private static final int CROWD = Volume.of(40, 1_000);
  private static final int LIMIT = 16_384;
  private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

  private static AbusedPod pod;

  /** What is thrown, and the codes it may be answered with. */
  private record Giant(byte[] frames, Integer... codes) {}

  @BeforeAll
  static void start() {
    pod = AbusedPod.start("chat.limits.request-timeout", "2s");
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static byte[] letters(int count) {
    byte[] letters = new byte[count];
    Arrays.fill(letters, (byte) 'a');
    return letters;
  }

  private static byte[] announced(long length) {
    byte[] head = {(byte) (FINAL | TEXT), (byte) 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    for (int i = 0; i < 8; i++) {
      head[2 + i] = (byte) (length >>> 56 - 8 * i);
    }
    return head;
  }

  private static byte[] times(int count, byte[] frame) {
    return RawSocket.join(Collections.nCopies(count, frame).toArray(byte[][]::new));
  }

  private static Map<String, Giant> giants() {
    byte[] begin = RawSocket.frame(TEXT, letters(1));
    byte[] empty = RawSocket.frame(CONTINUATION, new byte[0]);
    byte[] ping = RawSocket.frame(FINAL | PING, letters(2));
    Map<String, Giant> all = new LinkedHashMap<>();
    all.put("2^62 bytes announced", new Giant(announced(1L << 62), 1009, 1002));
    all.put("a negative length", new Giant(announced(-1), 1002));
    all.put("2^31 bytes announced", new Giant(announced(1L << 31), 1009));
    all.put("a megabyte sent", new Giant(RawSocket.frame(FINAL | TEXT, letters(1 << 20)), 1009));
    all.put(
        "endless fragments",
        new Giant(
            RawSocket.join(begin, times(200, RawSocket.frame(CONTINUATION, letters(1_000)))),
            1009));
    all.put("empty fragments", new Giant(RawSocket.join(begin, times(5_000, empty)), 1008));
    all.put(
        "empty fragments between pings",
        new Giant(RawSocket.join(begin, times(3_000, RawSocket.join(ping, empty))), 1008));
    all.put("a large ping", new Giant(RawSocket.frame(FINAL | PING, letters(126)), 1002));
    all.put("half a ping", new Giant(RawSocket.frame(PING, letters(1)), 1002));
    all.put("a message in a message", new Giant(RawSocket.join(begin, begin), 1002));
    return all;
  }

  @Test
  void areRefusedWithTheRightCode() {
    Map<String, Giant> giants = giants();
    pod.whileOthersTalk("giants", () -> {
      for (URI door : List.of(pod.chat(), pod.socketIo())) {
        giants.forEach((name, giant) ->
            assertThat(codeAfter(door, giant.frames)).as(name + " at " + door).isIn(giant.codes));
      }
    });
  }

  private static int codeAfter(URI door, byte[] frames) {
    try (RawSocket raw = open(door, 0)) {
      raw.write(frames);
      return raw.readCloseCode();
    }
  }

  private static RawSocket open(URI door, int number) {
    if (door.equals(pod.socketIo())) {
      RawSocket raw = RawSocket.open(door);
      raw.write(RawSocket.text("40"));
      return raw;
    }
    return RawSocket.open(
        door, "Authorization: Bearer " + Tokens.user("giant-" + number / 10).sign());
  }

  @Test
  void pingsBetweenFragmentsAreAnsweredAndTheMessageIsRead() {
    byte[] whole = "{\"event\":\"none\",\"ref\":\"whole\"}".getBytes(StandardCharsets.UTF_8);
    byte[] first = Arrays.copyOf(whole, 9);
    byte[] rest = Arrays.copyOfRange(whole, 9, whole.length);
    try (RawSocket raw = open(pod.chat(), 0)) {
      raw.write(
          RawSocket.frame(TEXT, first),
          RawSocket.frame(FINAL | PING, letters(125)),
          RawSocket.frame(FINAL | CONTINUATION, rest));
      List<Integer> opcodes = new ArrayList<>();
      RawSocket.Frame frame;
      do {
        frame = raw.read();
        opcodes.add(frame.opcode());
      } while (!frame.text().contains("\"ref\":\"whole\""));
      assertThat(opcodes).contains(0xA);
    }
  }

  /** Each holds as much as it may and goes no further: what they hold together is bounded. */
  @Test
  void manyThatStopShortOfTheLimitCostNoMoreThanTheLimit() {
    pod.whileOthersTalk("fragments up to the limit", () -> {
      List<RawSocket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < CROWD; i++) {
          RawSocket raw = open(i % 2 == 0 ? pod.chat() : pod.socketIo(), i);
          crowd.add(raw);
          raw.write(RawSocket.frame(TEXT, letters(LIMIT / 2)));
          raw.write(Arrays.copyOf(RawSocket.frame(CONTINUATION, letters(LIMIT / 2)), 8_000));
        }
        AbusedPod.Footprint held = pod.footprint();
        System.out.printf("%d half messages: %s%n", CROWD, held);
        assertThat(held.heap()).isLessThan(64L << 20);
      } finally {
        crowd.forEach(RawSocket::reset);
      }
    });
  }

  @Test
  void pollingPayloadsOverTheLimitAreRefused() {
    pod.whileOthersTalk("giant payloads", () -> {
      for (int i = 0; i < CROWD; i++) {
        String opened = call("GET", POLLING, "", new byte[0]).body();
        int at = opened.indexOf("\"sid\":\"") + 7;
        String session = POLLING + "&sid=" + opened.substring(at, opened.indexOf('"', at));
        boolean chunked = i % 2 == 1;
        byte[] body = letters(600_000);
        String length =
            chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length + "\r\n";
        byte[] sent =
            chunked ? RawSocket.join("927c0\r\n".getBytes(StandardCharsets.US_ASCII), body) : body;
        RawSocket.Response refused = call("POST", session, length, sent);
        assertThat(refused == null ? 413 : refused.status()).isEqualTo(413);
      }
    });
  }

  /** Null where the connection broke while the body was still being sent. */
  private static RawSocket.Response call(String method, String path, String headers, byte[] body) {
    RawSocket raw = RawSocket.connect(pod.chat());
    try {
      String head = method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
      raw.write(head.getBytes(StandardCharsets.US_ASCII), body);
      return raw.readResponse();
    } catch (UncheckedIOException e) {
      assertThat(method).as(e.toString()).isEqualTo("POST");
      return null;
    } finally {
      raw.reset();
    }
  }
}
