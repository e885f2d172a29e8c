package dev.chatgateway.socketio;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Text cut amid an emoji, at both doors and over HTTP: the half becomes U+FFFD. */
@QuarkusTest
class HalfPairsTest {
  @TestHTTPResource("/")
  URI gateway;

  private final int ticket = TwoPods.newTicket();
  private final String content = "\"text\":\"cut \\ud83d\",\"data\":{\"\\udc00\":[\"\\ud83dx\"]}";
  private ChatClient ana;

  @BeforeEach
  void join() {
    ana = ChatClient.connect(gateway);
    ana.authenticate(Tokens.user("ana").tickets(ticket).sign());
    ana.join(ticket);
  }

  @AfterEach
  void leave() {
    ana.close();
  }

  private void anaHearsItWhole() {
    JsonNode heard = ana.awaitEvent("new_message");
    assertThat(heard.get("text").asText()).isEqualTo("cut \uFFFD");
    assertThat(heard.get("data")).hasToString("{\"\uFFFD\":[\"\uFFFDx\"]}");
  }

  @Test
  void plainDoorReplacesThem() {
    ana.sendText("{\"event\":\"send_message\",\"ref\":\"r\\ud83d\",\"data\":{\"ticket_id\":"
        + ticket + "," + content + ",\"client_id\":\"c\\ud83d\"}}");

    assertThat(ana.awaitReply("r\uFFFD", ChatClient.PATIENCE).get("ok").asBoolean())
        .isTrue();
    anaHearsItWhole();
  }

  @Test
  void socketIoDoorReplacesThem() {
    try (SocketIoClient noor =
        SocketIoClient.connect(gateway, Tokens.admin("noor").sign())) {
      noor.awaitEvent("chat_authenticated");
      noor.join(ticket);

      noor.sendPacket("42[\"send_message\",{\"ticket_id\":" + ticket + "," + content + "}]");

      noor.awaitEvent("message_accepted");
      anaHearsItWhole();
    }
  }

  @Test
  void ticketSystemsMessageHasThemReplaced() {
    given()
        .auth()
        .oauth2(Tokens.service().sign())
        .contentType(ContentType.JSON)
        .body("{\"user_id\":1,\"user_name\":\"Ma\\ud83d\"," + content + "}")
        .post("/api/tickets/" + ticket + "/messages")
        .then()
        .statusCode(201);

    anaHearsItWhole();
  }

  @Test
  void ticketSystemsEventHasThemReplaced() {
    given()
        .auth()
        .oauth2(Tokens.service().sign())
        .contentType(ContentType.JSON)
        .body("{\"state\":\"\\udc00\"}")
        .post("/api/tickets/" + ticket + "/events")
        .then()
        .statusCode(202);

    assertThat(ana.awaitEvent("ticket_update").get("state").asText()).isEqualTo("\uFFFD");
  }
}
