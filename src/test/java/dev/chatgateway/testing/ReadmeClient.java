package dev.chatgateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The client of {@code README.md}, "A client": keeps its position in one ticket, and what it shows,
 * over all its connections.
 */
public final class ReadmeClient {
  private final Object ticketId;
  private final List<Long> shown = new ArrayList<>();
  private Map<String, Object> position = Map.of();
  private int cleared;

  public ReadmeClient(Object ticketId) {
    this.ticketId = ticketId;
  }

  /** Joins over that connection, as the client does when it has authenticated; gives the answer. */
  public JsonNode join(Client connection) {
    Map<String, Object> data = new HashMap<>(position);
    data.put("ticket_id", ticketId);
    JsonNode joined = connection.ok("join_ticket_chat", data);
    joined(joined);
    return joined;
  }

  private void joined(JsonNode data) {
    if (!data.get("recovered").asBoolean()) {
      shown.clear();
      cleared++;
    }
    data.get("messages").forEach(this::take);
    position =
        Map.of("epoch", data.get("epoch").asText(), "last_seq", data.get("seq").asLong());
  }

  private void take(JsonNode message) {
    shown.add(message.get("seq").asLong());
    position = Map.of(
        "epoch", message.get("epoch").asText(), "last_seq", message.get("seq").asLong());
  }

  /** Takes the events that the connection has had since the join, in their order; once. */
  public void hear(Client connection) {
    for (Client.Event event : connection.events()) {
      if (event.name().equals("joined_ticket_chat")) {
        joined(event.data());
      } else if (event.name().equals("new_message")) {
        take(event.data());
      }
    }
  }

  /** The seqs of the messages it shows, in the order they came. */
  public List<Long> shown() {
    return shown;
  }

  /** How often it had to begin anew. */
  public int cleared() {
    return cleared;
  }
}
