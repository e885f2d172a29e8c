package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes away and comes back, with its data or without, under two pods with clients. */
class RedisOutageIT {
  private static final Duration HEALED = Duration.ofSeconds(5);
  private static final Duration GHOST_LIFETIME = Duration.ofSeconds(15);
  private static final Duration AUTHENTICATION_TIMEOUT = Duration.ofSeconds(2);
  private static final String TICKET = "101";

  private PodProcess first;
  private PodProcess second;
  private ChatClient ana;
  private ChatClient noor;
  private JsonNode joined;
  // Enough for each event loop of each pod, and thus each connection to Redis, to have one.
  private final List<String> crowd =
      IntStream.range(0, 12).mapToObj(i -> "c" + i).toList();

  @BeforeEach
  void twoPods() {
    String[] settings = {
      "chat.redis.key-prefix",
      RedisResource.newKeyPrefix(),
      "chat.presence.lease",
      "3s",
      "chat.limits.authentication-timeout",
      AUTHENTICATION_TIMEOUT.toMillis() + "ms"
    };
    first = PodProcess.start(settings);
    second = PodProcess.start(settings);
    ana = first.connect();
    ana.authenticate(Tokens.user("ana").tickets(TICKET).sign());
    ana.join(TICKET);
    noor = second.connect();
    noor.authenticate(Tokens.admin("noor").sign());
    joined = noor.join(TICKET);
    for (int i = 0; i < crowd.size(); i++) {
      ChatClient one = (i % 2 == 0 ? first : second).connect();
      one.authenticate(Tokens.user(crowd.get(i)).tickets().sign());
    }
    ana.say(TICKET, "before");
    noor.awaitEvent("new_message");
  }

  @AfterEach
  void end() {
    first.close();
    second.close();
  }

  @Test
  void freezesLongerThanTheLeaseAndGoesOn() {
    Map<String, Object> message =
        Map.of("ticket_id", TICKET, "text", "through the outage", "client_id", "c1");
    TestRedis.pause();
    try {
      ana.awaitEvent("degraded");
      noor.awaitEvent("degraded");
      requireUnavailable(ana.refused("send_message", message));
      requireUnavailable(
          noor.refused("mark_messages_read", Map.of("ticket_id", TICKET, "up_to_seq", 1)));
      requireUp(first);
      requireUp(second);
      assertThat(new TicketSystemCalls(second)
              .publish(TICKET, "k1", "ticket-system", "over HTTP")
              .status())
          .isEqualTo(503);
      assertThat(ana.isClosed() || noor.isClosed()).isFalse();
    } finally {
      TestRedis.resume();
    }

    long returned = System.nanoTime();
    ana.awaitEvent("restored", any -> true, left(returned));
    noor.awaitEvent("restored", any -> true, left(returned));
    JsonNode accepted = ana.request("send_message", message, left(returned));
    assertThat(accepted.get("ok").asBoolean()).as("%s", accepted).isTrue();
    noor.awaitEvent("new_message", one -> text(one).equals("through the outage"), left(returned));
    JsonNode answer =
        noor.request("send_message", Map.of("ticket_id", TICKET, "text", "after"), left(returned));
    assertThat(answer.get("ok").asBoolean()).as("%s", answer).isTrue();
    ana.awaitEvent("new_message", one -> text(one).equals("after"), left(returned));
    TicketSystemCalls calls = new TicketSystemCalls(first);
    requireAllThere(calls, returned);

    assertThat(new TicketSystemCalls(second)
            .publish(TICKET, "k1", "ticket-system", "over HTTP")
            .status())
        .isIn(200, 201);
    List<JsonNode> history = calls.history(TICKET);
    assertThat(history)
        .extracting(one -> one.get("text").asText())
        .containsExactlyInAnyOrder("before", "through the outage", "after", "over HTTP");
    assertThat(history)
        .allMatch(one -> one.get("epoch").equals(joined.get("epoch")), "of the same epoch");
    for (ChatClient client : List.of(ana, noor)) {
      await()
          .untilAsserted(
              () -> assertThat(client.events("new_message").stream().map(one -> one.get("id")))
                  .as("each message once, in order")
                  .containsExactlyElementsOf(
                      history.stream().map(one -> one.get("id")).toList()));
      assertThat(client.events("degraded")).hasSize(1);
      assertThat(client.events("restored")).hasSize(1);
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void comesBackEmpty() {
    TestRedis.kill();
    try {
      ana.awaitEvent("degraded");
      noor.awaitEvent("degraded");
      requireUnavailable(
          ana.refused("send_message", Map.of("ticket_id", TICKET, "text", "into the void")));
      requireUp(first);
      requireUp(second);
    } finally {
      TestRedis.start();
    }

    long returned = System.nanoTime();
    ana.awaitEvent("restored", any -> true, left(returned));
    noor.awaitEvent("restored", any -> true, left(returned));
    JsonNode anew = noor.awaitEvent("joined_ticket_chat", any -> true, left(returned));
    assertThat(anew.get("recovered").asBoolean()).isFalse();
    assertThat(anew.get("epoch")).isNotEqualTo(joined.get("epoch"));
    JsonNode ofAna = ana.awaitEvent("joined_ticket_chat", any -> true, left(returned));
    assertThat(ofAna.get("recovered").asBoolean()).isFalse();

    JsonNode accepted =
        ana.request("send_message", Map.of("ticket_id", TICKET, "text", "anew"), left(returned));
    assertThat(accepted.get("ok").asBoolean()).as("%s", accepted).isTrue();
    assertThat(accepted.at("/data/seq").asInt()).isEqualTo(1);
    assertThat(accepted.at("/data/epoch")).isEqualTo(anew.get("epoch"));
    JsonNode heard =
        noor.awaitEvent("new_message", message -> text(message).equals("anew"), left(returned));
    assertThat(heard.get("epoch")).isEqualTo(anew.get("epoch"));
    TicketSystemCalls calls = new TicketSystemCalls(second);
    requireAllThere(calls, returned);

    assertThat(ana.isClosed() || noor.isClosed()).isFalse();
    try (ChatClient again = second.connect()) {
      again.authenticate(Tokens.user("ana").tickets(TICKET).sign());
      JsonNode resumed = again.ok(
          "join_ticket_chat",
          Map.of("ticket_id", TICKET, "epoch", joined.get("epoch"), "last_seq", 1));
      assertThat(resumed.get("recovered").asBoolean()).isFalse();
      assertThat(resumed.get("epoch")).isEqualTo(anew.get("epoch"));
      assertThat(resumed.get("messages")).hasSize(1);
      assertThat(resumed.get("participants_count").asInt()).isEqualTo(2);
    }
  }

  @Test
  @Proof
  void whoConnectsMeanwhileIsNotTakenForSomebodyWithoutAToken() {
    String token = Tokens.user("late").tickets(TICKET).sign();
    ChatClient late;
    TestRedis.pause();
    try {
      ana.awaitEvent("degraded");
      late = first.connect();
      requireUnavailable(late.refused("chat_authenticate", Map.of("token", token)));
      await("longer than it may take to authenticate")
          .during(AUTHENTICATION_TIMEOUT.multipliedBy(2))
          .atMost(AUTHENTICATION_TIMEOUT.multipliedBy(4))
          .until(() -> !late.isClosed());
    } finally {
      TestRedis.resume();
    }
    late.awaitEvent("restored");
    assertThat(late.authenticate(token).get("user_id").asText()).isEqualTo("late");
  }

  private void requireAllThere(TicketSystemCalls calls, long returned) {
    await("both in the room and connected").atMost(left(returned)).untilAsserted(() -> {
      assertThat(calls.participants(TICKET)).containsExactly("ana", "noor");
      for (String user : users()) {
        assertThat(calls.connections(user)).as("connections of %s", user).isPositive();
      }
    });
    // What an incarnation stored just before it learnt that it was dead is a ghost like any other.
    await("each connected once").atMost(GHOST_LIFETIME).untilAsserted(() -> {
      for (String user : users()) {
        assertThat(calls.connections(user)).as("connections of %s", user).isEqualTo(1);
      }
    });
  }

  private List<String> users() {
    return Stream.concat(Stream.of("ana", "noor"), crowd.stream()).toList();
  }

  private static Duration left(long returnedNanos) {
    return HEALED.minusNanos(System.nanoTime() - returnedNanos);
  }

  private static String text(JsonNode message) {
    return message.get("text").asText();
  }

  private static void requireUnavailable(JsonNode error) {
    assertThat(error.get("code").asText()).isEqualTo("unavailable");
    assertThat(error.get("retry").asBoolean()).isTrue();
  }

  private static void requireUp(PodProcess pod) {
    for (String path : List.of("/q/health/live", "/q/health/ready")) {
      var health = PodProcess.get(pod.management(path));
      assertThat(health.statusCode()).as("%s: %s", path, health.body()).isEqualTo(200);
    }
  }
}
