package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that change while a connection is in use: it is one user's, and one principal's at a time. */
class TokenSwapIT {
  private static AbusedPod pod;

  /** The two ways in. */
  enum Door {
    PLAIN(token -> ChatClient.to(pod.chat()).bearer(token).connect()),
    SOCKET_IO(token -> SocketIoClient.connect(pod.chat(), token));

    private final Function<String, Client> way;

    Door(Function<String, Client> way) {
      this.way = way;
    }

    Client enter(Tokens token) {
      Client client = way.apply(token.sign());
      client.awaitEvent("chat_authenticated");
      return client;
    }
  }

  @BeforeAll
  static void start() {
    pod = AbusedPod.start(
        "chat.limits.messages.burst", "1000",
        "chat.limits.user-messages.burst", "1000",
        "chat.limits.inbound-queue", "1000");
  }

  @AfterAll
  static void stop() {
    pod.close();
  }

  private static Tokens ana(String... tickets) {
    return Tokens.user("ana").name("Ana").tickets((Object[]) tickets);
  }

  private static String code(Client client, String token) {
    return client
        .refused("chat_authenticate", Map.of("token", token))
        .get("code")
        .asText();
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aTokenOfAnotherUserChangesNothing(Door door) {
    String ticket = "swap-1" + door;
    try (Client client = door.enter(ana(ticket))) {
      client.join(ticket);
      for (Tokens other : List.of(
          Tokens.user("ben").tickets(ticket),
          Tokens.admin("ben"),
          Tokens.user("Ana"),
          Tokens.user("ana ").tickets(ticket))) {
        assertThat(code(client, other.sign())).isIn("identity_mismatch", "invalid_token");
        client.say(ticket, "still me");
        JsonNode heard = client.awaitEvent("new_message");
        assertThat(heard.get("user_id").asText()).isEqualTo("ana");
        assertThat(heard.get("is_admin").asBoolean()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aTokenThatIsNoneGivesAndTakesNothing(Door door) {
    String ticket = "swap-2" + door;
    try (Client client = door.enter(ana(ticket))) {
      client.join(ticket);
      String expired = ana(ticket).expiresIn(Duration.ofMinutes(-5)).sign();
      String unsigned = ana(ticket).sign().replaceAll("\\.[^.]*$", ".");
      String mixed = ana(ticket).sign().replaceAll("\\.[^.]*$", "")
          + Tokens.admin("ana").sign().replaceAll("^.*\\.", ".");
      for (String token : List.of(expired, unsigned, mixed, "x", "a.b.c")) {
        assertThat(code(client, token)).isEqualTo("invalid_token");
      }
      client.say(ticket, "as before");
      assertThat(client.awaitEvent("new_message").get("user_name").asText()).isEqualTo("Ana");
      assertThat(client
              .refused("join_ticket_chat", Map.of("ticket_id", "other"))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
    }
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aTokenForLessTakesItAtOnce(Door door) {
    String kept = "swap-3a" + door;
    String lost = "swap-3b" + door;
    try (Client client = door.enter(ana(kept, lost));
        Client staff = door.enter(Tokens.admin("noor"))) {
      for (String ticket : List.of(kept, lost)) {
        client.join(ticket);
        staff.join(ticket);
      }
      // What is sent behind the swap in the same breath is judged by the new token.
      long swap = client.ask("chat_authenticate", Map.of("token", ana(kept).sign()));
      long said = client.ask("send_message", Map.of("ticket_id", lost, "text", "may not"));
      assertThat(client.awaitReply(swap, Client.PATIENCE).get("ok").asBoolean()).isTrue();
      assertThat(client.awaitReply(said, Client.PATIENCE).at("/error/code").asText())
          .isIn("forbidden", "not_joined");
      staff.awaitEvent("user_left", left -> left.get("ticket_id").asText().equals(lost));
      staff.say(lost, "secret");
      staff.say(kept, "for both");
      client.awaitEvent(
          "new_message", message -> message.get("ticket_id").asText().equals(kept));
      assertThat(client.events("new_message"))
          .noneMatch(message -> message.get("ticket_id").asText().equals(lost));
    }
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void whatIsInFlightDuringASwapIsOnePrincipals(Door door) {
    String ticket = "swap-4" + door;
    String customer = ana(ticket).sign();
    String staff = Tokens.admin("ana").name("Ana of support").sign();
    try (Client client = door.enter(ana(ticket));
        Client listener = door.enter(Tokens.admin("noor"))) {
      client.join(ticket);
      listener.join(ticket);
      List<Long> refs = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String token = i % 2 == 0 ? staff : customer;
        refs.add(client.ask("chat_authenticate", Map.of("token", token)));
        refs.add(client.ask("send_message", Map.of("ticket_id", ticket, "text", "n" + i)));
      }
      for (Long ref : refs) {
        assertThat(client.awaitReply(ref, Client.PATIENCE).get("ok").asBoolean())
            .isTrue();
      }
      for (int i = 0; i < 30; i++) {
        String text = "n" + i;
        JsonNode heard = listener.awaitEvent(
            "new_message", message -> message.get("text").asText().equals(text));
        assertThat(heard.get("user_id").asText()).isEqualTo("ana");
        assertThat(heard.get("is_admin").asBoolean()).as(text).isEqualTo(i % 2 == 0);
        assertThat(heard.get("user_name").asText())
            .isEqualTo(i % 2 == 0 ? "Ana of support" : "Ana");
      }
    }
  }

  @Test
  void nobodyElseIsDisturbedBySwaps() {
    pod.whileOthersTalk("token swaps", () -> {
      for (Door door : Door.values()) {
        aTokenOfAnotherUserChangesNothing(door);
        whatIsInFlightDuringASwapIsOnePrincipals(door);
      }
    });
  }
}
