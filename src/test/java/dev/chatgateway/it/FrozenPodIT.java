package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod stands still, as under SIGSTOP or in a long pause of the machine, and goes on. */
class FrozenPodIT {
  private static final Duration GHOST_LIFETIME = Duration.ofSeconds(15);
  private static final String TICKET = "101";

  private PodProcess frozen;
  private PodProcess other;
  private TicketSystemCalls calls;
  private ChatClient ana;
  private ChatClient bo;
  private ChatClient noor;

  @BeforeEach
  void twoPods() {
    String[] settings = {
      "chat.redis.key-prefix", RedisResource.newKeyPrefix(), "chat.presence.lease", "3s"
    };
    frozen = PodProcess.start(settings);
    other = PodProcess.start(settings);
    calls = new TicketSystemCalls(other);
    ana = joined(frozen, Tokens.user("ana").tickets(TICKET));
    bo = joined(frozen, Tokens.user("bo").tickets(TICKET));
    noor = joined(other, Tokens.admin("noor"));
  }

  @AfterEach
  void end() {
    frozen.close();
    other.close();
  }

  @Test
  void beginsAnewBeforeItSpeaks() {
    frozen.pause();
    noor.awaitEvent("user_left", of("ana"), GHOST_LIFETIME);
    noor.awaitEvent("user_left", of("bo"), GHOST_LIFETIME);
    assertThat(calls.participants(TICKET)).containsExactly("noor");
    // Users are swept after the rooms they were in.
    await("no connection of ana").atMost(GHOST_LIFETIME).until(() -> calls.connections("ana") == 0);
    int sweptAt = noor.events().size();

    ana.send("typing_start", Map.of("ticket_id", TICKET));
    long sent = ana.ask(
        "send_message", Map.of("ticket_id", TICKET, "text", "from the cold", "client_id", "c1"));
    bo.abort();
    noor.say(TICKET, "while it stands");
    frozen.resume();

    JsonNode reply = ana.awaitReply(sent, GHOST_LIFETIME);
    assertThat(reply.get("ok").asBoolean()).as("%s", reply).isTrue();
    assertThat(reply.at("/data/seq").asInt()).isEqualTo(2);
    noor.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);
    List<String> ofAna = new ArrayList<>();
    List<Client.Event> events = noor.events();
    for (Client.Event event : events.subList(sweptAt, events.size())) {
      if (event.data().path("user_id").asText().equals("ana")) {
        ofAna.add(event.name());
      }
    }
    assertThat(ofAna).startsWith("user_joined").contains("new_message");
    assertThat(ofAna.stream().filter("user_joined"::equals)).hasSize(1);
    ana.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);
    assertThat(texts(ana)).containsExactly("while it stands", "from the cold");
    assertThat(texts(noor)).containsExactly("while it stands", "from the cold");
    assertThat(calls.history(TICKET)).hasSize(2);

    // Long enough for leases to run out and sweeps to pass.
    await("bo stays away, ana stays")
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> calls.participants(TICKET).equals(Set.of("ana", "noor"))
            && calls.connections("bo") == 0
            && calls.connections("ana") == 1);
    assertThat(presence("ana")).endsWith("user_left", "user_joined");
    assertThat(presence("bo")).endsWith("user_left");
    assertThat(noor.ok("get_participants", Map.of("ticket_id", TICKET))
            .get("participants_count")
            .asInt())
        .isEqualTo(2);
    noor.say(TICKET, "welcome back");
    ana.awaitEvent("new_message", message -> message.get("seq").asInt() == 3);
  }

  @Test
  @Proof
  void goesOnAfterAMoment() {
    frozen.pause();
    long seq = noor.say(TICKET, "a moment").get("seq").asLong();
    frozen.resume();

    ana.awaitEvent("new_message", message -> message.get("seq").asLong() == seq);
    ana.say(TICKET, "here I am");
    noor.awaitEvent("new_message", message -> message.get("seq").asLong() == seq + 1);
    assertThat(noor.events("user_left")).isEmpty();
    assertThat(calls.participants(TICKET)).containsExactly("ana", "bo", "noor");
  }

  private static Predicate<JsonNode> of(String userId) {
    return data -> data.get("user_id").asText().equals(userId);
  }

  private static ChatClient joined(PodProcess pod, Tokens who) {
    ChatClient client = pod.connect();
    client.authenticate(who.sign());
    client.join(TICKET);
    return client;
  }

  private List<String> presence(String userId) {
    return noor.events().stream()
        .filter(event -> event.name().equals("user_joined") || event.name().equals("user_left"))
        .filter(event -> event.data().get("user_id").asText().equals(userId))
        .map(Client.Event::name)
        .toList();
  }

  private static List<String> texts(ChatClient client) {
    return client.events("new_message").stream()
        .map(message -> message.get("text").asText())
        .toList();
  }
}
