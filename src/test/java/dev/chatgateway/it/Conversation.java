package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ana on one pod, and Noor on another, in the room of a ticket. Whatever happens to Redis, they stay
 * connected, and Ana sends again, with the same client_id, what was not accepted.
 */
final class Conversation {
  private static final Duration HEALED = Duration.ofSeconds(40);
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Lets one client send as fast as it is answered. */
  static final String[] UNLIMITED = {
    "chat.limits.messages.per-second", "100000",
    "chat.limits.messages.burst", "100000",
    "chat.limits.user-messages.per-second", "100000",
    "chat.limits.user-messages.burst", "100000",
    "chat.limits.frames.per-second", "100000",
    "chat.limits.frames.burst", "100000"
  };

  final String ticket;
  private final ChatClient ana;
  private final ChatClient noor;
  private final TicketSystemCalls calls;
  private final Map<String, String> accepted = new LinkedHashMap<>();
  private final String epoch;
  private volatile boolean talking;
  private Thread talk;
  private volatile Throwable broken;

  Conversation(PodProcess first, PodProcess second, Object ticket) {
    this.ticket = String.valueOf(ticket);
    calls = new TicketSystemCalls(second);
    ana = first.connect();
    ana.authenticate(Tokens.user("ana").tickets(this.ticket).sign());
    epoch = ana.join(this.ticket).get("epoch").asText();
    noor = second.connect();
    noor.authenticate(Tokens.admin("noor").sign());
    noor.join(this.ticket);
  }

  /** Requires that commands, relay, typing, status and presence work, from pod to pod. */
  void requireAll(String text) {
    String id = send(text);
    await("the message, at Noor").atMost(HEALED).until(() -> known(noor).contains(id));
    type("typing_start");
    ana.awaitEvent("user_typing", typing -> typing.get("is_typing").asBoolean());
    type("typing_stop");
    ana.awaitEvent("user_typing", typing -> !typing.get("is_typing").asBoolean());
    noor.ok("mark_messages_read", Map.of("ticket_id", ticket, "message_ids", List.of(id)));
    ana.awaitEvent(
        "message_status_update",
        update -> update.get("message_id").asText().equals(id)
            && update.get("status").asText().equals("read"));
    await("both in the room, and connected").atMost(HEALED).untilAsserted(() -> {
      assertThat(calls.participants(ticket)).containsExactly("ana", "noor");
      assertThat(calls.connections("ana")).isPositive();
      assertThat(calls.connections("noor")).isPositive();
    });
  }

  // Her pod may be a moment behind his in finding the store again.
  private void type(String event) {
    await(event)
        .atMost(HEALED)
        .until(() -> noor.request(event, Map.of("ticket_id", ticket)).path("ok").asBoolean());
  }

  /** Sends until it is accepted, and returns the message's id. */
  String send(String text) {
    long deadline = System.nanoTime() + HEALED.toNanos();
    while (true) {
      JsonNode reply = attempt(text, HEALED);
      if (reply.get("ok").asBoolean()) {
        String id = reply.at("/data/id").asText();
        synchronized (accepted) {
          accepted.put(text, id);
        }
        return id;
      }
      assertThat(reply.at("/error/retry").asBoolean()).as("%s", reply).isTrue();
      pause(Duration.ofMillis(reply.at("/error/retry_after_ms").asLong(50)));
      assertThat(System.nanoTime()).as("still refused: %s", reply).isLessThan(deadline);
    }
  }

  // As a client that is told to try again shortly.
  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Requires that a message is accepted the first time, and soon. */
  void sendAtOnce(String text) {
    JsonNode reply = attempt(text, SHORT);
    assertThat(reply.get("ok").asBoolean()).as("%s", reply).isTrue();
    synchronized (accepted) {
      accepted.put(text, reply.at("/data/id").asText());
    }
  }

  private JsonNode attempt(String text, Duration patience) {
    return ana.request(
        "send_message", Map.of("ticket_id", ticket, "text", text, "client_id", text), patience);
  }

  /** Has Ana send one message after the other, until {@link #stopTalking}. */
  void startTalking(String name) {
    talking = true;
    talk = new Thread(() -> {
      try {
        for (int i = 1; talking; i++) {
          send(name + "-" + i);
          pause(BETWEEN); // a crowd of unread messages would be marked at once
        }
      } catch (RuntimeException | Error e) {
        broken = e;
      }
    });
    talk.start();
  }

  void stopTalking() throws InterruptedException {
    talking = false;
    talk.join();
    assertThat(broken).isNull();
  }

  int accepted() {
    synchronized (accepted) {
      return accepted.size();
    }
  }

  /** Waits until that many more messages have been accepted. */
  void awaitMore(int count) {
    int before = accepted();
    await("messages that are accepted")
        .atMost(HEALED)
        .until(() -> broken != null || accepted() >= before + count);
    assertThat(broken).isNull();
  }

  /** Requires that what was accepted is stored once, and known to both. */
  void requireNothingLost() {
    List<JsonNode> history = calls.history(ticket);
    List<String> ids = history.stream().map(one -> one.get("id").asText()).toList();
    assertThat(ids).containsAll(accepted.values());
    assertThat(history.stream().map(one -> one.get("client_id").asText())).doesNotHaveDuplicates();
    for (ChatClient client : List.of(ana, noor)) {
      await("all messages, at a client")
          .atMost(HEALED)
          .untilAsserted(() -> assertThat(known(client)).containsAll(accepted.values()));
      assertThat(client.isClosed()).isFalse();
    }
  }

  /** Requires, besides, that each heard each message once, in order, in the one epoch. */
  void requireNoHole() {
    requireNothingLost();
    List<String> ids =
        calls.history(ticket).stream().map(one -> one.get("id").asText()).toList();
    for (ChatClient client : List.of(ana, noor)) {
      List<JsonNode> heard = client.events("new_message");
      assertThat(heard.stream().map(one -> one.get("id").asText()).toList()).isEqualTo(ids);
      assertThat(heard).allMatch(one -> one.get("epoch").asText().equals(epoch));
    }
  }

  /** Requires that neither was ever told that Redis is away. */
  void requireNeverDegraded() {
    assertThat(ana.events("degraded")).isEmpty();
    assertThat(noor.events("degraded")).isEmpty();
  }

  private static Set<String> known(ChatClient client) {
    Set<String> ids = new TreeSet<>();
    client.events("new_message").forEach(one -> ids.add(one.get("id").asText()));
    client
        .events("joined_ticket_chat")
        .forEach(joined ->
            joined.get("messages").forEach(one -> ids.add(one.get("id").asText())));
    return ids;
  }
}
