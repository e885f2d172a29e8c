package dev.chatgateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.ClientEvent;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The token decides who a connection is. */
@QuarkusTest
class IdentityTest {
  @TestHTTPResource("/chat")
  URI gateway;

  private final String user = "id-" + UUID.randomUUID();
  private ChatClient client;

  @BeforeEach
  void connect() {
    client = ChatClient.connect(gateway);
  }

  @AfterEach
  void disconnect() {
    client.abort();
  }

  private Tokens token() {
    return Tokens.user(user).name("Ana").tickets(1, "a");
  }

  private static void assertIs(JsonNode authenticated, String user) {
    assertThat(authenticated.get("user_id").asText()).isEqualTo(user);
    assertThat(authenticated.get("user_name").asText()).isEqualTo("Ana");
    assertThat(authenticated.get("is_admin").asBoolean()).isFalse();
    assertThat(authenticated.get("connection_id").asText()).isNotEmpty();
    assertThat(Instant.parse(authenticated.get("expires_at").asText())).isAfter(Instant.now());
  }

  @Test
  void aTokenComesInAnEvent() {
    assertIs(client.authenticate(token().sign()), user);
  }

  @Test
  void anEventWithoutRefIsAnsweredWithAnEvent() {
    client.send("chat_authenticate", Map.of("token", token().sign()));

    assertIs(client.awaitEvent("chat_authenticated"), user);
  }

  @Test
  void aTokenComesInAHeader() {
    try (ChatClient other = ChatClient.to(gateway).bearer(token().sign()).connect()) {
      assertIs(other.awaitEvent("chat_authenticated"), user);
    }
  }

  @Test
  void aTokenComesAsASubprotocol() {
    String carried = "quarkus-http-upgrade#Authorization#Bearer " + token().sign();
    String encoded = URLEncoder.encode(carried, StandardCharsets.UTF_8).replace("+", "%20");
    try (ChatClient other =
        ChatClient.to(gateway).subprotocols("bearer-token-carrier", encoded).connect()) {
      assertThat(other.subprotocol()).isEqualTo("bearer-token-carrier");
      assertIs(other.awaitEvent("chat_authenticated"), user);
    }
  }

  @Test
  void aTokenInTheQueryCountsForNothing() {
    String token = token().sign();
    URI withToken = URI.create(gateway + "?token=" + token + "&access_token=" + token
        + "&Authorization=Bearer%20" + token);
    try (ChatClient other = ChatClient.connect(withToken)) {
      assertThat(other
              .refused("join_ticket_chat", Map.of("ticket_id", 1))
              .get("code")
              .asText())
          .isEqualTo("unauthenticated");
      assertThat(other.events("chat_authenticated")).isEmpty();
    }
  }

  @Test
  void aBadTokenInAHeaderIsToldAndEndsTheConnection() {
    ChatClient other = ChatClient.to(gateway).bearer("nonsense").connect();

    assertThat(other.awaitEvent("error").get("code").asText()).isEqualTo("invalid_token");
    assertThat(other.awaitClose().code()).isEqualTo(4401);
  }

  private static PrivateKey somebodysKey() {
    try {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<String> badTokens() {
    Tokens good = Tokens.user("u").tickets(1);
    String signed = good.sign();
    String[] parts = signed.split("\\.");
    String head = Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    char changed = parts[1].charAt(20) == 'A' ? 'B' : 'A';
    return Stream.of(
        "",
        "x",
        "a.b.c",
        "\u0000",
        "..",
        signed.substring(0, signed.length() - 20),
        parts[0] + "." + parts[1] + ".",
        parts[0] + "." + parts[1].substring(0, 20) + changed + parts[1].substring(21) + "."
            + parts[2],
        head + "." + parts[1] + ".",
        head + "." + parts[1] + "." + parts[2],
        good.sign(somebodysKey()),
        Tokens.user("u").claim("iss", "https://elsewhere.example").sign(),
        Tokens.user("u").expiresIn(Duration.ofMinutes(-5)).sign(),
        Tokens.withoutSubject().sign(),
        Tokens.user("").sign(),
        Tokens.user("a b").sign(),
        Tokens.user("x".repeat(65)).sign(),
        Tokens.user("a\nb").sign());
  }

  @ParameterizedTest
  @MethodSource("badTokens")
  void aTokenThatDoesNotHoldIsRefused(String token) {
    JsonNode error = client.refused("chat_authenticate", Map.of("token", token));

    assertThat(error.get("code").asText()).isEqualTo("invalid_token");
    assertThat(error.get("message").asText()).doesNotContain("Exception", "SRJWT");
    assertIs(client.authenticate(token().sign()), user);
  }

  @Test
  void aTokenMustEnd() throws Exception {
    String endless = EndlessToken.of("u");
    JsonNode error = client.refused("chat_authenticate", Map.of("token", endless));
    assertThat(error.get("code").asText()).isEqualTo("invalid_token");
  }

  @Test
  void ticketsMayBeNumbersOrStrings() {
    client.authenticate(token().sign());

    assertThat(client.join("1").get("ticket_id").asInt()).isEqualTo(1);
    assertThat(client.join("a").get("ticket_id").asText()).isEqualTo("a");
    assertThat(client
            .refused("join_ticket_chat", Map.of("ticket_id", 2))
            .get("code")
            .asText())
        .isEqualTo("forbidden");
  }

  @Test
  void aTicketsClaimThatIsNoListAdmitsToNothing() {
    client.authenticate(Tokens.user(user).claim("tickets", "1").sign());

    assertThat(client
            .refused("join_ticket_chat", Map.of("ticket_id", 1))
            .get("code")
            .asText())
        .isEqualTo("forbidden");
  }

  @Test
  void whatContradictsTheTokenIsAMismatch() {
    for (Map<String, Object> claimed : Stream.<Map<String, Object>>of(
            Map.of("user_id", "other"), Map.of("is_admin", true))
        .toList()) {
      Map<String, Object> data = new HashMap<>(claimed);
      data.put("token", token().sign());
      assertThat(client.refused("chat_authenticate", data).get("code").asText())
          .isEqualTo("identity_mismatch");
      assertThat(client
              .refused("get_participants", Map.of("ticket_id", 1))
              .get("code")
              .asText())
          .isEqualTo("unauthenticated");
    }
  }

  @Test
  void whatAgreesWithTheTokenIsTaken() {
    Map<String, Object> data = Map.of("token", token().sign(), "user_id", user, "is_admin", false);
    assertIs(client.ok("chat_authenticate", data), user);
  }

  @Test
  void aNumberAsUserIdAgreesWithTheSameInTheToken() {
    JsonNode who = client.ok(
        "chat_authenticate", Map.of("token", Tokens.user("8123").sign(), "user_id", 8123));

    assertThat(who.get("user_id").isInt()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = ClientEvent.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "CHAT_AUTHENTICATE")
  void nothingElseIsDoneBeforeAuthentication(ClientEvent event) {
    assertThat(client.refused(event.wire(), Map.of("ticket_id", 1)).get("code").asText())
        .isEqualTo("unauthenticated");
  }

  @Test
  void aFreshTokenOfTheSameUserExtends() {
    Instant end = Instant.parse(client
        .authenticate(token().expiresIn(Duration.ofMinutes(2)).sign())
        .get("expires_at")
        .asText());
    client.join(1);

    JsonNode again = client.authenticate(token().expiresIn(Duration.ofHours(2)).sign());

    assertThat(Instant.parse(again.get("expires_at").asText())).isAfter(end);
    client.say(1, "still here");
  }

  @Test
  void aFreshTokenThatAdmitsToLessPutsOut() {
    client.authenticate(token().sign());
    client.join(1);
    client.join("a");

    client.authenticate(Tokens.user(user).tickets("a").sign());

    client.awaitEvent("left_ticket_chat", data -> data.get("ticket_id").asInt() == 1);
    assertThat(client
            .refused("send_message", Map.of("ticket_id", 1, "text", "x"))
            .get("code")
            .asText())
        .isEqualTo("forbidden");
    client.say("a", "still here");
  }

  @Test
  void anotherUsersTokenIsRefusedAndTheIdentityStays() {
    client.authenticate(token().sign());
    client.join(1);

    String other = Tokens.admin("somebody-else").sign();
    assertThat(client
            .refused("chat_authenticate", Map.of("token", other))
            .get("code")
            .asText())
        .isEqualTo("identity_mismatch");

    client.say(1, "hello");
    JsonNode message = client.awaitEvent("new_message");
    assertThat(message.get("user_id").asText()).isEqualTo(user);
    assertThat(message.get("is_admin").asBoolean()).isFalse();
    assertThat(client
            .refused("join_ticket_chat", Map.of("ticket_id", 2))
            .get("code")
            .asText())
        .isEqualTo("forbidden");
  }
}
