package dev.chatgateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat as a Socket.IO client meets it. */
@QuarkusTest
class SocketIoDoorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String HANDSHAKE = "/socket.io/?EIO=4&transport=polling";

  @TestHTTPResource("/")
  URI gateway;

  private final int ticket = TwoPods.newTicket();
  private final String token = Tokens.user("ana").name("Ana").tickets(ticket).sign();

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void greeted(SocketIoClient client) {
    JsonNode connected = client.awaitEvent("chat_connected");
    JsonNode authenticated = client.awaitEvent("chat_authenticated");
    assertThat(authenticated.get("user_id").asText()).isEqualTo("ana");
    assertThat(authenticated.get("connection_id")).isEqualTo(connected.get("connection_id"));
  }

  @Test
  void aHandshakeTellsFiveThings() throws Exception {
    HttpResponse<String> opened = get(HANDSHAKE);

    assertThat(opened.statusCode()).isEqualTo(200);
    assertThat(opened.body()).startsWith("0{");
    assertThat(JSON.readTree(opened.body().substring(1)).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload");
  }

  @Test
  void aTokenMayComeWithTheConnect() {
    try (SocketIoClient client = SocketIoClient.connect(gateway, token)) {
      greeted(client);
      client.join(ticket);
    }
  }

  @Test
  void aTokenMayComeWithTheUpgrade() {
    Map<String, String> header = Map.of("Authorization", "Bearer " + token);
    try (SocketIoClient client = SocketIoClient.connect(gateway, "", header)) {
      greeted(client);
    }
  }

  @Test
  void aTokenMayComeAsAnEventWithoutAcknowledgement() {
    try (SocketIoClient client = SocketIoClient.connect(gateway)) {
      client.send("chat_authenticate", Map.of("token", token, "user_id", "ana", "is_admin", false));
      greeted(client);
    }
  }

  @Test
  void aRefusedTokenPutsTheClientOutForGood() {
    SocketIoClient client = SocketIoClient.connect(gateway, "no.token.atall");

    assertThat(client.awaitEvent("error").get("code").asText()).isEqualTo("invalid_token");
    client.awaitEvent("disconnect");
    assertThat(client.awaitClose().code()).isEqualTo(4401);
  }

  @Test
  void aRemovedUsersClientDoesNotComeBackByItself() {
    SocketIoClient client = SocketIoClient.connect(gateway, token);
    greeted(client);

    RestAssured.given().auth().oauth2(Tokens.service().sign()).delete("/api/users/ana/connections");

    client.awaitEvent("disconnect");
    assertThat(client.awaitClose().code()).isEqualTo(4401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "42999[\"join_ticket_chat\",\"7\"]",
        "42999[\"join_ticket_chat\",[7]]",
        "42999[\"join_ticket_chat\",{\"ticket_id\":7},{}]",
        "42999[\"join_ticket_chat\",{\"ticket_id\":{}}]",
        "42999[\"join_ticket_chat\"]"
      })
  void anEventOfAWrongShapeIsRefusedAndCostsNothingElse(String packet) {
    try (SocketIoClient client = SocketIoClient.connect(gateway, token)) {
      greeted(client);

      client.sendPacket(packet);

      assertThat(
              client.awaitReply(999, SocketIoClient.PATIENCE).at("/error/code").asText())
          .isEqualTo("bad_request");
      client.join(ticket);
    }
  }

  @Test
  void aMalformedPacketEndsTheConnection() {
    SocketIoClient client = SocketIoClient.connect(gateway, token);
    greeted(client);

    client.sendPacket("42[not json");

    assertThat(client.awaitClose().code()).isEqualTo(1002);
  }

  @Test
  void whoHasLeftTheNamespaceMayConnectToItAgain() throws Exception {
    URI door =
        URI.create("ws://" + gateway.getAuthority() + "/socket.io/?EIO=4&transport=websocket");
    WebSocketClient socket = new WebSocketClient(HTTP, door);
    socket.next();
    String first = entered(socket);
    socket.send("41");

    assertThat(entered(socket)).isNotEqualTo(first);
    socket.close();
  }

  private static String entered(WebSocketClient socket) throws Exception {
    socket.send("40");
    String packet = (String) socket.nextData();
    while (packet.startsWith("42")) { // what it was told before it left
      packet = (String) socket.nextData();
    }
    assertThat(packet).startsWith("40{\"sid\":");
    return packet;
  }

  @Test
  void anUnknownSessionIsToldSo() throws Exception {
    for (String sid : new String[] {"x", "aaaaaaaa.0123456789012345678901", "%00", "a%2Fb"}) {
      HttpResponse<String> answer = get(HANDSHAKE + "&sid=" + sid);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
    }
  }

  @Test
  void aPageOfTheSameHostMayReadTheAnswers() throws Exception {
    String origin = "http://" + gateway.getAuthority();

    HttpResponse<String> opened = get(HANDSHAKE, "Origin", origin);

    assertThat(opened.statusCode()).isEqualTo(200);
    assertThat(opened.headers().firstValue("Access-Control-Allow-Origin")).hasValue(origin);
    assertThat(opened.headers().firstValue("Access-Control-Allow-Credentials")).hasValue("true");
    assertThat(opened.headers().allValues("Vary")).containsExactly("origin");
  }

  @Test
  void aPageOfAnotherHostMayNeitherOpenNorRead() throws Exception {
    HttpResponse<String> answer = get(HANDSHAKE, "Origin", "https://evil.example");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"code\":4");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }
}
