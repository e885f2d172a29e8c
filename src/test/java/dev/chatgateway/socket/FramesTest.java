package dev.chatgateway.socket;

import static dev.chatgateway.testing.RawSocket.BINARY;
import static dev.chatgateway.testing.RawSocket.CONTINUATION;
import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static dev.chatgateway.testing.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Frames as RFC 6455 has them, and as it doesn't. */
@QuarkusTest
class FramesTest {
  private static final int LIMIT = 131_072;

  @TestHTTPResource("/chat")
  URI gateway;

  private final String ticket = "frames-" + UUID.randomUUID();

  private String bearer(String user) {
    return "Authorization: Bearer " + Tokens.user(user).tickets(ticket).sign();
  }

  private static byte[] ofSize(int bytes) {
    byte[] json = "{\"event\":\"get_typing_users\",\"ref\":\"big\",\"data\":{\"ticket_id\":\""
        .getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(json, bytes);
    Arrays.fill(whole, json.length, bytes, (byte) 'x');
    byte[] end = "\"}}".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(end, 0, whole, bytes - end.length, end.length);
    return whole;
  }

  private int closeCodeAfter(byte[]... frames) {
    try (RawSocket raw = RawSocket.open(gateway, bearer("raw-" + UUID.randomUUID()))) {
      raw.readText("chat_authenticated");
      raw.write(frames);
      return raw.readCloseCode();
    }
  }

  @Test
  void aFrameOfTheLimitIsRead() {
    try (RawSocket raw = RawSocket.open(gateway, bearer("raw1"))) {
      raw.readText("chat_authenticated");
      raw.write(RawSocket.frame(FINAL | TEXT, ofSize(LIMIT)));

      assertThat(raw.readText("\"ref\":\"big\"")).contains("bad_request", "data.ticket_id");
    }
  }

  @Test
  void aFrameOverTheLimitEndsWith1009() {
    assertThat(closeCodeAfter(RawSocket.frame(FINAL | TEXT, ofSize(LIMIT + 1)))).isEqualTo(1009);
  }

  @Test
  void fragmentsOverTheLimitEndWith1009() {
    byte[] half = new byte[LIMIT / 2 + 1];
    Arrays.fill(half, (byte) ' ');
    assertThat(closeCodeAfter(
            RawSocket.frame(TEXT, half), RawSocket.frame(FINAL | CONTINUATION, half)))
        .isEqualTo(1009);
  }

  @Test
  void binaryEndsWith1003() {
    assertThat(closeCodeAfter(RawSocket.frame(FINAL | BINARY, new byte[] {1}))).isEqualTo(1003);
    assertThat(closeCodeAfter(RawSocket.frame(BINARY, new byte[] {1}))).isEqualTo(1003);
  }

  @Test
  void whatIsNotUtf8EndsWith1007() {
    assertThat(closeCodeAfter(RawSocket.frame(FINAL | TEXT, new byte[] {(byte) 0xC3, 0x28})))
        .isEqualTo(1007);
    // A surrogate, encoded as no encoder may.
    assertThat(closeCodeAfter(RawSocket.frame(
            FINAL | TEXT, new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'})))
        .isEqualTo(1007);
  }

  @Test
  void aCharacterMayBeSplitOverFragments() {
    byte[] whole = "{\"event\":\"none\",\"ref\":\"é€😀\"}".getBytes(StandardCharsets.UTF_8);
    try (RawSocket raw = RawSocket.open(gateway, bearer("raw2"))) {
      raw.write(RawSocket.frame(TEXT, Arrays.copyOf(whole, 1)));
      for (int i = 1; i < whole.length; i++) {
        raw.write(RawSocket.frame(CONTINUATION, Arrays.copyOfRange(whole, i, i + 1)));
      }
      raw.write(RawSocket.frame(FINAL | PING, new byte[0]));
      raw.write(RawSocket.frame(FINAL | CONTINUATION, new byte[0]));

      assertThat(raw.readText("\"ref\":\"é€😀\"")).contains("unknown_event");
    }
  }

  @Test
  void breachesOfTheProtocolEndWith1002() {
    byte[] hello = "{}".getBytes(StandardCharsets.UTF_8);
    assertThat(closeCodeAfter(RawSocket.unmasked(FINAL | TEXT, hello))).isEqualTo(1002);
    assertThat(closeCodeAfter(RawSocket.frame(FINAL | CONTINUATION, hello))).isEqualTo(1002);
    assertThat(closeCodeAfter(RawSocket.frame(FINAL | 0x40 | TEXT, hello))).isEqualTo(1002);
    assertThat(closeCodeAfter(RawSocket.frame(FINAL | 0x3, hello))).isEqualTo(1002);
    assertThat(closeCodeAfter(RawSocket.frame(PING, hello))).isEqualTo(1002);
  }

  @Test
  void aHandshakeMayBeTriedAgainOnTheSameConnection() {
    byte[] wrong = new String(RawSocket.handshake(gateway), StandardCharsets.US_ASCII)
        .replace("Version: 13", "Version: 99")
        .getBytes(StandardCharsets.US_ASCII);
    try (RawSocket raw = RawSocket.connect(gateway)) {
      for (int i = 0; i < 3; i++) {
        raw.write(wrong);
        assertThat(raw.readResponse().status()).isEqualTo(426);
      }
      raw.write(RawSocket.handshake(gateway));
      assertThat(raw.readStatus()).isEqualTo(101);
      assertThat(raw.readText("chat_connected")).contains("connection_id");
    }
  }

  @Test
  void tooManyBadFramesEndWith1008() {
    try (RawSocket raw = RawSocket.open(gateway)) {
      for (int i = 0; i < 21; i++) {
        raw.write(RawSocket.text("{"));
      }
      assertThat(raw.readCloseCode()).isEqualTo(1008);
    }
  }

  @Test
  void framesThatComeWithTheHandshakeAreHandledInOrder() {
    String token = Tokens.user("early").tickets(ticket).sign();
    byte[] early = RawSocket.join(
        RawSocket.text(
            "{\"event\":\"chat_authenticate\",\"ref\":1,\"data\":{\"token\":\"" + token + "\"}}"),
        RawSocket.text("{\"event\":\"join_ticket_chat\",\"ref\":2,\"data\":{\"ticket_id\":\""
            + ticket + "\"}}"),
        RawSocket.text("{\"event\":\"send_message\",\"ref\":3,\"data\":{\"ticket_id\":\"" + ticket
            + "\",\"text\":\"first\"}}"),
        RawSocket.text("{\"event\":\"send_message\",\"ref\":4,\"data\":{\"ticket_id\":\"" + ticket
            + "\",\"text\":\"second\"}}"));
    try (RawSocket raw = RawSocket.open(gateway, 0, early)) {
      assertThat(raw.read().text()).contains("chat_connected");
      assertThat(raw.readText("\"ref\":1")).contains("\"ok\":true");
      assertThat(raw.readText("\"ref\":2")).contains("\"ok\":true");
      assertThat(raw.readText("\"ref\":3")).contains("\"ok\":true", "\"seq\":1");
      assertThat(raw.readText("\"ref\":4")).contains("\"ok\":true", "\"seq\":2");
    }
  }

  @Test
  void nothingFollowsTheCloseFrame() {
    try (RawSocket raw = RawSocket.open(gateway, bearer("raw3"));
        ChatClient other = ChatClient.to(gateway)
            .bearer(Tokens.user("o").tickets(ticket).sign())
            .connect()) {
      raw.write(
          RawSocket.text("{\"event\":\"join_ticket_chat\",\"ref\":1,\"data\":{\"ticket_id\":\""
              + ticket + "\"}}"));
      raw.readText("\"ref\":1");
      other.awaitEvent("chat_authenticated");
      other.join(ticket);
      raw.write(RawSocket.frame(FINAL | BINARY, new byte[] {1}));
      assertThat(raw.readCloseCode()).isEqualTo(1003);

      other.say(ticket, "to who is still there");
      other.awaitEvent("new_message");

      assertThat(raw.read()).isNull();
    }
  }

  @Test
  void whoPingsWithoutReadingThePongsIsClosed() {
    byte[][] pings = new byte[1_000][];
    Arrays.fill(pings, RawSocket.frame(FINAL | PING, new byte[125]));
    byte[] many = RawSocket.join(pings);
    try (RawSocket raw = RawSocket.open(gateway, 4_096, new byte[0], bearer("pinger"))) {
      raw.readText("chat_authenticated");
      // It is told first, and then given time to read that.
      assertThatThrownBy(() -> {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (System.nanoTime() < deadline) {
              raw.write(many);
            }
          })
          .isInstanceOf(UncheckedIOException.class);
    }
  }
}
