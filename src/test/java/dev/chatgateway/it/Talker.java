package dev.chatgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.PodProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A user as the protocol wants a client to be: keeps what it was told of each ticket, comes back by
 * epoch and seq, and sends again, with the same client_id, what it had no answer to. It drops no
 * message for having it already: its record is as the gateway made it. One thread at a time.
 */
final class Talker {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> RANKS = List.of("sent", "delivered", "read");

  final String userId;
  final List<String> tickets;
  private final String token;
  private final Map<String, Record> records = new LinkedHashMap<>();
  private final Map<String, Outgoing> unanswered = new LinkedHashMap<>();
  private final Set<String> attempted = new HashSet<>();
  private final Map<String, Accepted> accepted = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> askedToReconnect = new ArrayList<>();
  private PodProcess pod;
  private ChatClient client;
  private int handled;
  private int sent;
  private int retried;
  private int duplicates;

  /** What a client knows of a ticket. */
  static final class Record {
    String epoch;
    final List<String> ids = new ArrayList<>();
    final Map<String, String> statuses = new HashMap<>();
    final List<Integer> updates = new ArrayList<>();
    final List<String> presence = new CopyOnWriteArrayList<>();
    final Map<String, Boolean> typing = new ConcurrentHashMap<>();
  }

  /** A message that was answered with ok. */
  record Accepted(String ticketId, String id, long seq) {}

  private record Outgoing(String ticketId, Map<String, Object> data) {}

  Talker(String userId, String token, String... tickets) {
    this.userId = userId;
    this.token = token;
    this.tickets = List.of(tickets);
    this.tickets.forEach(ticket -> records.put(ticket, new Record()));
  }

  /** Connects, for the first time or again, and takes up each ticket where the record ends. */
  synchronized void connect(PodProcess where) {
    pod = where;
    client = where.connect();
    handled = 0;
    client.authenticate(token);
    for (String ticket : tickets) {
      Record record = records.get(ticket);
      Map<String, Object> data = new HashMap<>(Map.of("ticket_id", ticket));
      if (record.epoch != null) {
        data.put("epoch", record.epoch);
        data.put("last_seq", record.ids.size());
      }
      JsonNode joined = client.ok("join_ticket_chat", data);
      if (record.epoch != null && !joined.get("recovered").asBoolean()) {
        faults.add("resuming ticket " + ticket + " after " + record.ids.size()
            + " was not recovered, though nothing was lost");
      }
      snapshot(record, joined);
    }
  }

  /** Drops the connection without a word. */
  synchronized void drop() {
    client.abort();
    takeIn();
  }

  synchronized boolean isOn(PodProcess which) {
    return pod == which && !client.isClosed();
  }

  /** The code its connection ended with; 0 while it is open. */
  synchronized int closeCode() {
    return client.isClosed() ? client.awaitClose().code() : 0;
  }

  /** The reasons it was asked to reconnect for. */
  synchronized List<String> askedToReconnect() {
    takeIn();
    return List.copyOf(askedToReconnect);
  }

  /** Sends one message to each of its tickets, and says that it has read what it has. */
  synchronized void talk() {
    write();
    deliver();
    takeIn();
    mark(sent % 2 == 0 ? "mark_messages_read" : "mark_messages_delivered");
  }

  private void write() {
    for (String ticket : tickets) {
      String clientId = userId + "-" + ++sent;
      unanswered.put(
          clientId,
          new Outgoing(
              ticket,
              Map.of("ticket_id", ticket, "text", clientId + " says", "client_id", clientId)));
    }
  }

  /** Sends one message to each of its tickets, and drops the connection before it has an answer. */
  synchronized void talkAndDrop() {
    write();
    unanswered.forEach((clientId, outgoing) -> {
      attempted.add(clientId);
      client.send("send_message", outgoing.data());
    });
    drop();
  }

  /** Sends what is still without an answer. */
  synchronized void retry() {
    retried += unanswered.size();
    deliver();
    takeIn();
  }

  private void deliver() {
    Map<String, Long> refs = new LinkedHashMap<>();
    Set<String> again = Set.copyOf(attempted);
    unanswered.forEach((clientId, outgoing) -> {
      attempted.add(clientId);
      refs.put(clientId, client.ask("send_message", outgoing.data()));
    });
    refs.forEach((clientId, ref) -> {
      JsonNode reply = reply(ref);
      if (reply == null || reply.at("/error/retry").asBoolean()) {
        return; // its fate is unknown, or it may be tried again
      }
      Outgoing outgoing = unanswered.remove(clientId);
      if (!reply.get("ok").asBoolean()) {
        faults.add(clientId + " was refused: " + reply);
        return;
      }
      JsonNode data = reply.get("data");
      duplicates += data.get("duplicate").asBoolean() ? 1 : 0;
      if (data.get("duplicate").asBoolean() && !again.contains(clientId)) {
        faults.add(clientId + " was called a duplicate the first time: " + reply);
      }
      accepted.put(
          clientId,
          new Accepted(
              outgoing.ticketId(), data.get("id").asText(), data.get("seq").asLong()));
    });
  }

  /** Null where the connection ended before it came. */
  private JsonNode reply(long ref) {
    try {
      return client.awaitReply(ref, PATIENCE);
    } catch (AssertionError e) {
      if (!client.isClosed()) {
        throw e;
      }
      return null;
    }
  }

  /** Marks all it has in each ticket. */
  synchronized void mark(String event) {
    records.forEach((ticket, record) -> {
      if (!record.ids.isEmpty() && !client.isClosed()) {
        client.send(event, Map.of("ticket_id", ticket, "up_to_seq", record.ids.size()));
      }
    });
  }

  synchronized void startTyping(String ticket) {
    client.send("typing_start", Map.of("ticket_id", ticket));
  }

  synchronized JsonNode ask(String event, String ticket) {
    return client.ok(event, Map.of("ticket_id", ticket));
  }

  // --- the record

  /** Takes into the record what has come since. */
  synchronized void takeIn() {
    List<Client.Event> events = client.events();
    for (; handled < events.size(); handled++) {
      Client.Event event = events.get(handled);
      Record record = records.get(event.data().path("ticket_id").asText());
      switch (event.name()) {
        case "new_message" -> message(record, event.data());
        case "message_status_update" ->
          status(record, event.data().get("message_id"), event.data().get("status"));
        case "ticket_update" -> record.updates.add(event.data().get("number").asInt());
        case "joined_ticket_chat" -> snapshot(record, event.data());
        case "user_joined", "user_left" ->
          record.presence.add(event.name() + " " + event.data().get("user_id").asText());
        case "user_typing" ->
          record.typing.put(
              event.data().get("user_id").asText(),
              event.data().get("is_typing").asBoolean());
        case "reconnect" -> askedToReconnect.add(event.data().get("reason").asText());
        case "error" -> {
          if (!event.data().get("retry").asBoolean()) {
            faults.add("was told " + event.data());
          }
        }
        default -> {}
      }
    }
  }

  private void snapshot(Record record, JsonNode joined) {
    if (record.epoch != null && !record.epoch.equals(joined.get("epoch").asText())) {
      faults.add("the epoch has changed, though nothing was lost");
    }
    record.epoch = joined.get("epoch").asText();
    joined.get("messages").forEach(message -> message(record, message));
    if (joined.get("seq").asLong() != record.ids.size()) {
      faults.add("joined at " + joined.get("seq") + " with " + record.ids.size() + " messages");
    }
  }

  private void message(Record record, JsonNode message) {
    record.ids.add(message.get("id").asText());
    if (message.get("seq").asInt() != record.ids.size()) {
      faults.add("got as number " + record.ids.size() + " of its record " + message);
    }
    status(record, message.get("id"), message.get("status"));
  }

  private void status(Record record, JsonNode messageId, JsonNode status) {
    String before = record.statuses.put(messageId.asText(), status.asText());
    if (before != null && RANKS.indexOf(before) > RANKS.indexOf(status.asText())) {
      faults.add(messageId + " went from " + before + " to " + status);
    }
  }

  synchronized Record record(String ticket) {
    takeIn();
    return records.get(ticket);
  }

  synchronized Map<String, Accepted> accepted() {
    return Map.copyOf(accepted);
  }

  synchronized int unanswered() {
    return unanswered.size();
  }

  synchronized List<String> faults() {
    takeIn();
    return faults.stream().map(fault -> userId + ": " + fault).toList();
  }

  synchronized int retried() {
    return retried;
  }

  synchronized int duplicates() {
    return duplicates;
  }
}
