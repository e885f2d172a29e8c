package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.Pod;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The two doors share how many connections a pod holds. */
@QuarkusTest
@TestProfile(CapacityAtBothDoorsTest.OneConnection.class)
class CapacityAtBothDoorsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=";
  private static final int RETRY_AFTER_S = 7;

  /** Room for one. */
  public static class OneConnection implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "chat.limits.connections",
          "1",
          "chat.admission.retry-after",
          Integer.toString(RETRY_AFTER_S));
    }
  }

  @TestHTTPResource("/")
  URI gateway;

  @Inject
  Pod pod;

  @AfterEach
  void allHaveGone() {
    await().until(() -> pod.sessions().count() == 0);
  }

  /** The one client there is room for; it has authenticated, so that it stays. */
  private ChatClient filling() {
    String token = Tokens.user("ana").sign();
    ChatClient client = ChatClient.to(gateway.resolve("/chat")).bearer(token).connect();
    client.awaitEvent("chat_authenticated");
    return client;
  }

  @Test
  void aSocketIoClientIsToldWhenToComeBackWhereTheOthersFillThePod() throws Exception {
    try (ChatClient only = filling()) {
      HttpRequest handshake =
          HttpRequest.newBuilder(gateway.resolve(HANDSHAKE + "polling")).build();
      HttpResponse<String> refused = HTTP.send(handshake, BodyHandlers.ofString());

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
          .isBetween(1L, (long) RETRY_AFTER_S);
      assertThat(only.isClosed()).isFalse();
    }
  }

  @Test
  void whoIsOneTooManyInTheNamespaceIsClosedAndCountedNoMore() throws Exception {
    URI door = URI.create("ws://" + gateway.getAuthority() + HANDSHAKE + "websocket");
    WebSocketClient late = new WebSocketClient(HTTP, door);
    assertThat((String) late.next()).startsWith("0{");
    try (ChatClient only = filling()) {
      late.send("40");

      assertThat((String) late.nextData()).startsWith("40{");
      assertThat((String) late.nextData()).startsWith("42[\"error\",{\"code\":\"unavailable\"");
      assertThat(late.closeCode()).isEqualTo(1013);
      await().untilAsserted(() -> assertThat(pod.sessions().count()).isEqualTo(1));
      assertThat(only.isClosed()).isFalse();
    }
  }
}
