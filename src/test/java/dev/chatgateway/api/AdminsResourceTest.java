package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AdminsResourceTest {
  @TestHTTPResource("/")
  URI gateway;

  private ChatClient connect(String token) {
    ChatClient client = ChatClient.connect(gateway);
    client.authenticate(token);
    return client;
  }

  @Test
  void sendsAnyEventToSupportStaffOnly() {
    String customerId = Api.newId();
    try (ChatClient boss = connect(Tokens.admin(Api.newId()).sign());
        ChatClient agent = connect(Tokens.admin(Api.newId()).sign());
        ChatClient customer = connect(Tokens.user(customerId).sign())) {
      String event = "alarm_" + System.nanoTime();

      Api.json("{\"event\":\"" + event + "\",\"data\":{\"level\":3,\"text\":\"\\u00e9\\n\"}}")
          .post("/api/admins/events")
          .then()
          .statusCode(202)
          .body(is(""));

      assertThat(boss.awaitEvent(event).get("level").intValue()).isEqualTo(3);
      assertThat(agent.awaitEvent(event).get("text").textValue()).isEqualTo("é\n");
      Api.json("{\"event\":\"fence\"}").post("/api/users/{id}/events", customerId);
      customer.awaitEvent("fence");
      assertThat(customer.events(event)).isEmpty();
    }
  }

  @Test
  void sendsAnEventWithoutData() {
    try (ChatClient boss = connect(Tokens.admin(Api.newId()).sign())) {
      Api.json("{\"event\":\"bare\"}").post("/api/admins/events").then().statusCode(202);

      assertThat(boss.awaitEvent("bare").toString()).isEqualTo("{}");
    }
  }
}
