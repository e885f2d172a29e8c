package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What must be so when {@link TwoPodsIT} has come to rest. */
final class TwoPodsChecks {
  private final TicketSystemCalls calls;

  TwoPodsChecks(TicketSystemCalls calls) {
    this.calls = calls;
  }

  /**
   * Requires that each accepted message is in the ticket's history once, and the history in each
   * record.
   *
   * @param here who has to have all of it
   * @param all who may have sent, and has to have a beginning of it
   * @param published the texts the ticket system was told are published
   */
  void messages(String ticket, List<Talker> here, List<Talker> all, Collection<String> published) {
    List<JsonNode> history = calls.history(ticket);
    List<String> ids = history.stream().map(one -> one.get("id").asText()).toList();
    assertThat(ids).doesNotHaveDuplicates();
    for (int i = 0; i < history.size(); i++) {
      assertThat(history.get(i).get("seq").asInt()).isEqualTo(i + 1);
    }
    Map<String, JsonNode> byClientId = new HashMap<>();
    Map<String, Integer> newestOf = new HashMap<>();
    List<String> fromTicketSystem = new ArrayList<>();
    for (JsonNode message : history) {
      if (message.get("client_id").isNull()) {
        fromTicketSystem.add(message.get("text").asText());
        continue;
      }
      String clientId = message.get("client_id").asText();
      assertThat(byClientId.put(clientId, message)).as("a second %s", clientId).isNull();
      int number = Integer.parseInt(clientId.substring(clientId.lastIndexOf('-') + 1));
      assertThat(newestOf.put(message.get("user_id").asText(), number))
          .as("what came before %s of its sender", clientId)
          .satisfiesAnyOf(
              before -> assertThat(before).isNull(),
              before -> assertThat(before).isLessThan(number));
    }
    assertThat(fromTicketSystem).containsExactlyInAnyOrderElementsOf(published);
    for (Talker talker : all) {
      talker.accepted().forEach((clientId, accepted) -> {
        if (accepted.ticketId().equals(ticket)) {
          assertThat(byClientId).containsKey(clientId);
          assertThat(byClientId.get(clientId).get("id").asText()).isEqualTo(accepted.id());
          assertThat(byClientId.get(clientId).get("seq").asLong()).isEqualTo(accepted.seq());
        }
      });
    }
    for (Talker talker : all) {
      if (talker.tickets.contains(ticket)) {
        if (here.contains(talker)) {
          await().until(() -> talker.record(ticket).ids.size() >= ids.size());
          assertThat(talker.record(ticket).ids).as(talker.userId).isEqualTo(ids);
        } else {
          List<String> had = talker.record(ticket).ids;
          assertThat(had).as(talker.userId).isEqualTo(ids.subList(0, had.size()));
        }
      }
    }
  }

  /** Requires that all those in a ticket's room agree, in the end, that everything has been read. */
  void statuses(String ticket, List<Talker> here) {
    here.stream()
        .filter(talker -> talker.tickets.contains(ticket))
        .forEach(talker -> talker.mark("mark_messages_read"));
    await("all of ticket " + ticket + " read")
        .until(() -> calls.history(ticket).stream()
            .allMatch(message -> message.get("status").asText().equals("read")));
    String first = calls.history(ticket).get(0).get("id").asText();
    var answer = calls.call(
        "PUT",
        "/api/tickets/" + ticket + "/messages/" + first + "/status",
        Map.of("status", "delivered"));
    assertThat(answer.body().get("changed").asBoolean()).isFalse();
    assertThat(answer.body().get("status").asText()).isEqualTo("read");
  }

  /** Requires that just these are in the room, in whichever way one asks. */
  void room(String ticket, List<Talker> here, Duration patience) {
    Set<String> expected = new TreeSet<>();
    here.stream()
        .filter(talker -> talker.tickets.contains(ticket))
        .forEach(talker -> expected.add(talker.userId));
    await("participants of " + ticket)
        .atMost(patience)
        .untilAsserted(() -> assertThat(calls.participants(ticket)).isEqualTo(expected));
    for (Talker talker : here) {
      if (talker.tickets.contains(ticket)) {
        JsonNode told = talker.ask("get_participants", ticket);
        Set<String> users = new TreeSet<>();
        told.get("participants").forEach(one -> users.add(one.get("user_id").asText()));
        assertThat(users).isEqualTo(expected);
        assertThat(told.get("participants_count").asInt()).isEqualTo(expected.size());
        assertThat(talker.ask("get_typing_users", ticket).get("users")).isEmpty();
      }
    }
  }

  /** Requires that each of those has one connection. */
  void present(List<Talker> here, Duration patience) {
    for (Talker talker : here) {
      await("one connection of " + talker.userId)
          .atMost(patience)
          .until(() -> calls.connections(talker.userId) == 1);
    }
  }

  /** Requires that the room was told of these leaves, once each, and of no others. */
  void leaves(String ticket, Talker witness, Set<String> gone, String roaming) {
    List<String> left = new ArrayList<>();
    for (String one : witness.record(ticket).presence) {
      if (one.startsWith("user_left ") && !one.endsWith(" " + roaming)) {
        left.add(one.substring("user_left ".length()));
      }
    }
    assertThat(left)
        .as("leaves of %s told to %s", ticket, witness.userId)
        .containsExactlyInAnyOrderElementsOf(gone);
  }
}
