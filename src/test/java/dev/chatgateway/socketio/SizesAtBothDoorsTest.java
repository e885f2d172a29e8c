package dev.chatgateway.socketio;

import static dev.chatgateway.testing.RawSocket.CONTINUATION;
import static dev.chatgateway.testing.RawSocket.FINAL;
import static dev.chatgateway.testing.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How large a message may be, before and after authentication. */
@QuarkusTest
class SizesAtBothDoorsTest {
  private static final int SMALL = 16_384;
  private static final int LARGE = 131_072;

  @TestHTTPResource("/")
  URI gateway;

  private final int ticket = TwoPods.newTicket();
  private final String token = Tokens.user("ana").tickets(ticket).sign();

  private Client authenticated(boolean socketIo) {
    Client client = socketIo ? SocketIoClient.connect(gateway) : ChatClient.connect(gateway);
    client.authenticate(token);
    client.join(ticket);
    return client;
  }

  private static void send(Client client, String event, String data) {
    if (client instanceof SocketIoClient socketIo) {
      socketIo.sendPacket("42[\"" + event + "\"," + data + "]");
    } else {
      client.sendText("{\"event\":\"" + event + "\",\"data\":" + data + "}");
    }
  }

  private String message(String text) {
    return "{\"ticket_id\":" + ticket + ",\"text\":\"" + text + "\"}";
  }

  // --- after

  @ParameterizedTest
  @CsvSource({
    "true,中",
    "false,中",
    "true,\\ud83d\\ude00",
    "false,\\ud83d\\ude00",
    "true,\\u0416",
    "false,\\u0416",
    "true,😀",
    "false,😀"
  })
  void textOfAnyScriptFitsEscapedOrNot(boolean socketIo, String character) {
    try (Client client = authenticated(socketIo)) {
      send(client, "send_message", message(character.repeat(8_000)));

      client.awaitEvent("message_accepted");
      String text = client.awaitEvent("new_message").get("text").asText();
      assertThat(text.codePointCount(0, text.length())).isEqualTo(8_000);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tooLargeAFieldCostsNoConnection(boolean socketIo) {
    try (Client client = authenticated(socketIo)) {
      // More than the bad frames that a connection may send.
      List<String> ids = Collections.nCopies(101, "m");
      for (int i = 0; i < 25; i++) {
        JsonNode refused =
            client.refused("get_message_status", Map.of("ticket_id", ticket, "message_ids", ids));
        assertThat(refused.get("code").asText()).isEqualTo("too_large");
      }
      send(client, "send_message", message("\\ud83d\\ude00".repeat(10_000)));
      JsonNode error = client.awaitEvent("error");
      assertThat(error.get("code").asText()).isEqualTo("too_large");
      assertThat(error.get("message").asText()).startsWith("data.text");
      client.say(ticket, "still here");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dataHasALimitOfItsOwn(boolean socketIo) {
    try (Client client = authenticated(socketIo)) {
      Map<String, Object> fits = Map.of("ticket_id", ticket, "data", "x".repeat(SMALL - 2));
      client.ok("send_message", fits);
      Map<String, Object> tooLarge = Map.of("ticket_id", ticket, "data", "x".repeat(SMALL - 1));
      JsonNode error = client.refused("send_message", tooLarge);
      assertThat(error.get("code").asText()).isEqualTo("too_large");
      assertThat(error.get("message").asText()).startsWith("data.data");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageOverTheLimitEndsWith1009(boolean socketIo) {
    try (Client client = authenticated(socketIo)) {
      send(client, "send_message", message("x".repeat(LARGE)));
      assertThat(client.awaitClose().code()).isEqualTo(1009);
    }
  }

  // --- before

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeMessageBeforeATokenEndsWith1009(boolean socketIo) {
    try (Client client = socketIo ? SocketIoClient.connect(gateway) : ChatClient.connect(gateway)) {
      send(client, "send_message", message("x".repeat(SMALL)));
      assertThat(client.awaitClose().code()).isEqualTo(1009);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeMessageRightAfterTheTokenIsHandled(boolean socketIo) {
    try (Client client = socketIo ? SocketIoClient.connect(gateway) : ChatClient.connect(gateway)) {
      send(client, "chat_authenticate", "{\"token\":\"" + token + "\"}");
      send(client, "join_ticket_chat", "{\"ticket_id\":" + ticket + "}");
      send(client, "send_message", message("\\ud83d\\ude00".repeat(8_000)));
      client.awaitEvent("chat_authenticated");
      client.awaitEvent("message_accepted");
    }
  }

  private RawSocket open(String path) {
    RawSocket raw = RawSocket.open(gateway.resolve(path));
    if (!path.equals("/chat")) {
      raw.write(RawSocket.text("40"));
    }
    raw.readText("chat_connected");
    return raw;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chat", "/socket.io/?EIO=4&transport=websocket"})
  void largeMessageRightAfterABadTokenEndsWith1009(String path) {
    try (RawSocket raw = open(path)) {
      String bad = "{\"token\":\"no.token.atall\"}";
      raw.write(RawSocket.text(
          path.equals("/chat")
              ? "{\"event\":\"chat_authenticate\",\"data\":" + bad + "}"
              : "42[\"chat_authenticate\"," + bad + "]"));
      raw.readText("invalid_token");
      raw.write(RawSocket.frame(FINAL | TEXT, new byte[SMALL + 1]));
      assertThat(raw.readCloseCode()).isEqualTo(1009);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chat", "/socket.io/?EIO=4&transport=websocket"})
  void fragmentsCountTogether(String path) {
    byte[] part = new byte[SMALL / 2];
    Arrays.fill(part, (byte) ' ');
    try (RawSocket raw = open(path)) {
      raw.write(RawSocket.frame(TEXT, part), RawSocket.frame(CONTINUATION, part));
      raw.write(RawSocket.frame(CONTINUATION, new byte[] {' '}));
      assertThat(raw.readCloseCode()).isEqualTo(1009);
    }
  }

  /** The decoder would wait for the rest, up to the limit of everybody. */
  @ParameterizedTest
  @ValueSource(strings = {"/chat", "/socket.io/?EIO=4&transport=websocket"})
  void frameThatIsNeverFinishedEndsWith1009(String path) {
    byte[] whole = RawSocket.frame(FINAL | TEXT, new byte[LARGE]);
    try (RawSocket raw = open(path)) {
      raw.write(Arrays.copyOf(whole, SMALL + 100));
      assertThat(raw.readCloseCode()).isEqualTo(1009);
    }
  }

  @Test
  void tokenOfTheHandshakeCountsBeforeTheFirstFrame() {
    byte[] large = RawSocket.text("{\"event\":\"send_message\",\"ref\":2,\"data\":"
        + message("\\ud83d\\ude00".repeat(8_000)) + "}");
    byte[] join = ("{\"event\":\"join_ticket_chat\",\"ref\":1,\"data\":{\"ticket_id\":" + ticket
            + "}}")
        .getBytes(StandardCharsets.UTF_8);
    byte[] early = RawSocket.join(RawSocket.frame(FINAL | TEXT, join), large);
    try (RawSocket raw =
        RawSocket.open(gateway.resolve("/chat"), 0, early, "Authorization: Bearer " + token)) {
      assertThat(raw.readText("\"ref\":2")).contains("\"ok\":true");
    }
  }
}
