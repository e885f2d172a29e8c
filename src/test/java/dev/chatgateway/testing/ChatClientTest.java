package dev.chatgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The tests' client against the gateway in Quarkus. */
@QuarkusTest
class ChatClientTest {
  @TestHTTPResource("/chat")
  URI gateway;

  @ConfigProperty(name = "chat.redis.key-prefix")
  String keyPrefix;

  @Test
  void authenticatesJoinsSendsAndReceives() {
    try (ChatClient ana = ChatClient.connect(gateway);
        ChatClient noor =
            ChatClient.to(gateway).bearer(Tokens.admin("noor").sign()).connect()) {
      ana.awaitEvent("chat_connected");
      var who =
          ana.authenticate(Tokens.user("ana").name("Ana").tickets(101, "102").sign());
      assertThat(who.get("user_name").asText()).isEqualTo("Ana");
      noor.awaitEvent("chat_authenticated", data -> data.get("is_admin").asBoolean());

      ana.join(101);
      noor.join(101);
      ana.say(101, "Hello");
      var message = noor.awaitEvent("new_message");

      assertThat(message.get("text").asText()).isEqualTo("Hello");
      assertThat(message.get("user_id").asText()).isEqualTo("ana");
      assertThat(ana.refused("join_ticket_chat", Map.of("ticket_id", 103))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
      Set<String> keys = TestRedis.ask(redis -> redis.keys(keyPrefix + "{t:101}*"));
      assertThat(keys).isNotEmpty();
    }
  }

  @Test
  void seesTheCloseCode() {
    try (ChatClient client = ChatClient.connect(gateway)) {
      client.sendBinary(new byte[] {1});

      assertThat(client.awaitClose().code()).isEqualTo(1003);
    }
  }

  @Test
  void seesARefusedUpgrade() {
    var refusal =
        ChatClient.to(gateway).header("Origin", "https://elsewhere.example").refusal();

    assertThat(refusal.statusCode()).isEqualTo(403);
  }
}
