package dev.chatgateway.socketio;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.Pod;
import dev.chatgateway.socket.TightLimits;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is put out hears an error before, at both doors. */
@QuarkusTest
@TestProfile(TightLimits.class)
class LastWordsTest {
  @TestHTTPResource("/")
  URI gateway;

  @Inject
  Pod pod;

  private final String user = "u-" + UUID.randomUUID();

  @AfterEach
  void allHaveGone() {
    await().until(() -> pod.sessions().count() == 0);
  }

  private Client connect(boolean socketIo) {
    return socketIo ? SocketIoClient.connect(gateway) : ChatClient.connect(gateway);
  }

  private void isPutOut(Client client, boolean socketIo, String code, int closeCode) {
    JsonNode error = client.awaitEvent("error");
    assertThat(error.get("code").asText()).isEqualTo(code);
    assertThat(error.get("message").asText()).isNotBlank();
    if (socketIo) {
      client.awaitEvent("disconnect");
    }
    assertThat(client.awaitClose().code()).isEqualTo(closeCode);
    assertThat(client.events("error")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientWithoutATokenHearsWhy(boolean socketIo) {
    try (Client client = connect(socketIo)) {
      isPutOut(client, socketIo, "unauthenticated", 4401);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientWithAnEndedTokenHearsWhy(boolean socketIo) {
    try (Client client = connect(socketIo)) {
      client.authenticate(Tokens.user(user).expiresIn(Duration.ofSeconds(2)).sign());
      isPutOut(client, socketIo, "invalid_token", 4401);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientOverTheUsersConnectionsHearsWhy(boolean socketIo) {
    String token = Tokens.user(user).sign();
    try (Client first = connect(socketIo);
        Client second = connect(!socketIo);
        Client third = connect(socketIo)) {
      first.authenticate(token);
      second.authenticate(token);
      third.send("chat_authenticate", Map.of("token", token));
      isPutOut(third, socketIo, "rate_limited", 4429);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatAskedForAReplyGetsThatInstead(boolean socketIo) {
    String token = Tokens.user(user).sign();
    try (Client first = connect(socketIo);
        Client second = connect(!socketIo);
        Client third = connect(socketIo)) {
      first.authenticate(token);
      second.authenticate(token);
      JsonNode refused = third.refused("chat_authenticate", Map.of("token", token));
      assertThat(refused.get("code").asText()).isEqualTo("rate_limited");
      assertThat(third.awaitClose().code()).isEqualTo(4429);
      assertThat(third.events("error")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientClosedByTheTicketSystemHearsWhy(boolean socketIo) {
    try (Client client = connect(socketIo)) {
      client.authenticate(Tokens.user(user).sign());
      given().auth().oauth2(Tokens.service().sign()).delete("/api/users/" + user + "/connections");
      isPutOut(client, socketIo, "unauthenticated", 4401);
    }
  }
}
