package dev.chatgateway.socket;

import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.PING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.Pod;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever goes beyond a limit is told, then closed with the code that says why. */
@QuarkusTest
@TestProfile(TightLimits.class)
class LimitsTest {
  @TestHTTPResource("/chat")
  URI gateway;

  @Inject
  Pod pod;

  private final String ticket = "limits-" + UUID.randomUUID();

  private Tokens token(String user) {
    return Tokens.user(user + "-" + ticket).tickets(ticket);
  }

  private ChatClient connected(String user) {
    ChatClient client = ChatClient.to(gateway).bearer(token(user).sign()).connect();
    client.awaitEvent("chat_authenticated");
    return client;
  }

  @AfterEach
  void allHaveGone() {
    await().atMost(Duration.ofSeconds(20)).until(() -> pod.sessions().count() == 0);
  }

  @Test
  void whoBringsNoTokenInTimeIsClosed() {
    try (ChatClient client = ChatClient.connect(gateway)) {
      assertThat(client.awaitClose().code()).isEqualTo(4401);
    }
  }

  @Test
  void whoseTokenExpiresIsToldBeforeAndClosed() {
    try (ChatClient client = ChatClient.connect(gateway)) {
      client.authenticate(token("ana").expiresIn(Duration.ofSeconds(3)).sign());
      JsonNode expiring = client.awaitEvent("token_expiring");
      assertThat(expiring.get("in_ms").asLong()).isBetween(1L, 3_000L);
      assertThat(expiring.get("expires_at").asText()).endsWith("Z");

      assertThat(client.awaitClose().code()).isEqualTo(4401);
    }
  }

  @Test
  void whoRenewsTheTokenInTimeStays() {
    try (ChatClient client = ChatClient.connect(gateway)) {
      client.authenticate(token("ana").expiresIn(Duration.ofSeconds(3)).sign());
      client.awaitEvent("token_expiring");
      client.authenticate(token("ana").expiresIn(Duration.ofMinutes(5)).sign());

      await()
          .pollDelay(Duration.ofSeconds(4))
          .untilAsserted(() -> client.ok("join_ticket_chat", Map.of("ticket_id", ticket)));
    }
  }

  @Test
  void whoIgnoresARateLimitIsClosed() {
    try (ChatClient client = connected("ana")) {
      client.join(ticket);
      for (int i = 0; i < 20; i++) {
        client.send("typing_start", Map.of("ticket_id", ticket));
      }

      JsonNode error = client.awaitEvent("error");
      assertThat(error.get("code").asText()).isEqualTo("rate_limited");
      assertThat(error.get("retry").asBoolean()).isTrue();
      assertThat(error.get("retry_after_ms").asLong()).isBetween(1L, 1_001L);
      assertThat(client.awaitClose().code()).isEqualTo(4429);
    }
  }

  @Test
  void aUserHasOnlySoManyConnections() {
    try (ChatClient first = connected("ana");
        ChatClient second = connected("ana");
        ChatClient third = ChatClient.to(gateway).bearer(token("ana").sign()).connect()) {
      assertThat(third.awaitClose().code()).isEqualTo(4429);
      first.join(ticket);
      second.join(ticket);
    }
    await().untilAsserted(() -> connected("ana").close());
  }

  @Test
  void aPodHasOnlySoManyConnections() {
    List<RawSocket> all = new ArrayList<>();
    try {
      for (int i = 0; i < TightLimits.CONNECTIONS; i++) {
        all.add(RawSocket.open(gateway));
        all.get(i).readText("chat_connected");
      }
      RawSocket late = RawSocket.open(gateway);
      all.add(late);
      assertThat(late.readText("\"error\"")).contains("\"unavailable\"", "\"retry\":true");
      assertThat(late.readCloseCode()).isEqualTo(1013);
    } finally {
      all.forEach(RawSocket::close);
    }
  }

  @Test
  void whoAnswersNoPingIsClosed() {
    try (RawSocket raw = RawSocket.open(gateway, bearer("mute"))) {
      assertThat(raw.readCloseCode()).isEqualTo(4409);
    }
  }

  @Test
  void whoAnswersPingsStays() {
    try (RawSocket raw = RawSocket.open(gateway, bearer("lively"))) {
      int pings = 0;
      while (pings < 4) {
        RawSocket.Frame frame = raw.read();
        assertThat(frame.opcode()).isNotEqualTo(RawSocket.CLOSE);
        if (frame.opcode() == PING) {
          pings++;
          raw.write(RawSocket.frame(FINAL | 0xA, frame.payload()));
        }
      }
    }
  }

  private String bearer(String user) {
    return "Authorization: Bearer " + token(user).sign();
  }

  private void join(RawSocket raw) {
    raw.readText("chat_authenticated");
    raw.write(RawSocket.text(
        "{\"event\":\"join_ticket_chat\",\"ref\":1,\"data\":{\"ticket_id\":\"" + ticket + "\"}}"));
  }

  @Test
  void whoNeverReadsIsClosedAndMayResumeWhileOthersHearEverything() {
    int messages = 600;
    try (RawSocket slow = RawSocket.open(gateway, 4_096, new byte[0], bearer("slow"));
        ChatClient writer = connected("writer");
        ChatClient reader = connected("reader")) {
      join(slow);
      String epoch = slow.readText("\"ref\":1").replaceAll(".*\"epoch\":\"([^\"]+)\".*", "$1");
      writer.join(ticket);
      reader.join(ticket);
      Map<String, String> message = Map.of("ticket_id", ticket, "text", "€".repeat(4_500));
      for (int i = 0; i < messages; i++) {
        int seq = i + 1;
        writer.ok("send_message", message);
        // In step, or on a busy machine the reader would be too slow as well.
        reader.awaitEvent("new_message", data -> data.get("seq").asInt() == seq);
        showLife(slow);
      }
      reader.awaitEvent("user_left", data -> data.get("user_id").asText().equals("slow-" + ticket));
      assertThat(reader.events("new_message")).hasSize(messages);

      long last = 0;
      int code = 0;
      for (RawSocket.Frame frame = slow.read(); frame != null; frame = slow.read()) {
        if (frame.text().startsWith("{\"event\":\"new_message\"")) {
          last = Long.parseLong(frame.text().replaceAll(".*\"seq\":(\\d+),.*", "$1"));
        } else if (frame.opcode() == RawSocket.CLOSE) {
          code = frame.closeCode();
        }
      }
      // Behind what it never read the close frame may be lost; the connection is not.
      assertThat(code).isIn(4408, 0);
      assertThat(last).isLessThan(messages);
      resumes(epoch, last, messages);
    }
  }

  // On a busy machine it would owe its pong for too long before its queue is full.
  private static void showLife(RawSocket slow) {
    try {
      slow.write(RawSocket.frame(FINAL | RawSocket.PONG, new byte[0]));
    } catch (UncheckedIOException closed) {
      // It was too slow.
    }
  }

  private void resumes(String epoch, long last, int messages) {
    try (ChatClient back = connected("slow")) {
      JsonNode joined = back.ok(
          "join_ticket_chat", Map.of("ticket_id", ticket, "epoch", epoch, "last_seq", last));
      assertThat(joined.get("recovered").asBoolean()).isTrue();
      back.awaitEvent("new_message", data -> data.get("seq").asInt() == messages);
      List<String> seqs = new ArrayList<>(joined.get("messages").findValuesAsText("seq"));
      back.events("new_message").forEach(message -> seqs.add(message.get("seq").asText()));
      assertThat(seqs)
          .containsExactlyElementsOf(LongStream.rangeClosed(last + 1, messages)
              .mapToObj(Long::toString)
              .toList());
      back.say(ticket, "and goes on");
      back.awaitEvent("new_message", data -> data.get("seq").asInt() == messages + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://support.example.com", "http://localhost:1"})
  void aPageOfAListedOriginMayConnect(String origin) {
    assertThat(RawSocket.status(gateway, "Origin: " + origin)).isEqualTo(101);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "https://support.example.com.evil.example",
        "https://evil-support.example.com",
        "https://support.example.co",
        "http://support.example.com",
        "https://support.example.com:8443",
        "https://support.example.com/",
        "https://sub.support.example.com",
        "https://SUPPORT.example.com"
      })
  void aPageOfAnotherOriginMayNot(String origin) {
    assertThat(RawSocket.status(gateway, "Origin: " + origin)).isEqualTo(403);
  }

  @Test
  void ownHostMayConnectBesideListedOrigins() {
    String own = "http://" + gateway.getAuthority();
    assertThat(RawSocket.status(gateway, "Origin: " + own)).isEqualTo(101);
  }
}
