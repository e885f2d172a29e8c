package dev.chatgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ticket system beside the clients: publishes each message on one pod and once more on the
 * other, tells rooms of updates, moves statuses and looks at them. One thread at a time.
 */
final class TicketSystemAtWork {
  private static final List<String> RANKS = List.of("sent", "delivered", "read");

  private final List<String> tickets;
  private final TicketSystemCalls doomed;
  private final TicketSystemCalls other;
  private final Map<String, List<String>> published = new LinkedHashMap<>();
  private final Map<String, List<Integer>> updates = new LinkedHashMap<>();
  private final Map<String, String> ticketOf = new LinkedHashMap<>();
  private final Map<String, Integer> ranks = new LinkedHashMap<>();
  private int number;

  TicketSystemAtWork(List<String> tickets, TicketSystemCalls doomed, TicketSystemCalls other) {
    this.tickets = tickets;
    this.doomed = doomed;
    this.other = other;
    for (String ticket : tickets) {
      published.put(ticket, new ArrayList<>());
      updates.put(ticket, new ArrayList<>());
    }
  }

  synchronized void work() {
    number++;
    String ticket = tickets.get(number % tickets.size());
    other.ok("POST", "/api/tickets/" + ticket + "/events", Map.of("number", number));
    updates.get(ticket).add(number);

    String key = "key-" + number;
    JsonNode first = publishOnDoomed(ticket, key);
    JsonNode second = publish(other, ticket, key, first == null ? 0 : 200);
    if (first != null && !first.get("id").equals(second.get("id"))) {
      throw new AssertionError("one key, two messages: " + first + ", " + second);
    }
    String id = second.get("id").asText();
    published.get(ticket).add(text(key));
    ticketOf.put(id, ticket);

    other.ok(
        "PUT",
        "/api/tickets/" + ticket + "/messages/" + id + "/status",
        Map.of("status", "delivered"));
    ranks.put(id, RANKS.indexOf("delivered"));
    ticketOf.forEach((message, of) -> {
      int now = RANKS.indexOf(other.status(of, message));
      if (now < ranks.put(message, now)) {
        throw new AssertionError("the status of " + message + " went down to " + RANKS.get(now));
      }
    });
  }

  /** Null where the pod is no more; whether it published is then unknown. */
  private JsonNode publishOnDoomed(String ticket, String key) {
    try {
      return publish(doomed, ticket, key, 201);
    } catch (UncheckedIOException e) {
      return null;
    }
  }

  private static JsonNode publish(TicketSystemCalls to, String ticket, String key, int expected) {
    TicketSystemCalls.Answer answer = to.publish(ticket, key, "ticket-system", text(key));
    if (expected == 0 ? answer.status() / 100 != 2 : answer.status() != expected) {
      throw new AssertionError("publishing " + key + " was answered with " + answer);
    }
    return answer.body();
  }

  private static String text(String key) {
    return key + " says";
  }

  /** The texts that were published in a ticket. */
  synchronized List<String> published(String ticket) {
    return List.copyOf(published.get(ticket));
  }

  /** The numbers of the updates a ticket's room was told. */
  synchronized List<Integer> updates(String ticket) {
    return List.copyOf(updates.get(ticket));
  }
}
