package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes facts of the JSON that came over the wire. */
public final class Wire {
  private Wire() {}

  /** Of an event that was not asked for. */
  public static Seen event(String name, JsonNode data) {
    String ticket = text(data, "ticket_id");
    return switch (name) {
      case "new_message" -> new Seen.NewMessage(ticket, text(data, "epoch"), message(data));
      case "message_status_update" ->
        new Seen.StatusUpdate(
            ticket, text(data, "message_id"), text(data, "status"), text(data, "user_id"));
      case "user_joined" -> new Seen.UserJoined(ticket, text(data, "user_id"), count(data));
      case "user_left" -> new Seen.UserLeft(ticket, text(data, "user_id"), count(data));
      case "user_typing" ->
        new Seen.UserTyping(
            ticket,
            text(data, "user_id"),
            data.path("is_typing").asBoolean(),
            data.path("expires_in_ms").asLong());
      case "ticket_message_notification" ->
        new Seen.Notification(
            ticket,
            text(data, "message_id"),
            data.path("seq").asLong(),
            text(data, "user_id"),
            data.path("unread").asLong());
      case "joined_ticket_chat" -> new Seen.PushedJoin(ticket, joined(data));
      case "left_ticket_chat" -> new Seen.PutOut(ticket, text(data, "reason"));
      case "degraded", "restored", "reconnect" ->
        new Seen.Pod(name, text(data, "reason"), data.path("delay_ms").asLong());
      case "error" -> new Seen.Error(text(data, "code"), text(data, "event"));
      default -> new Seen.Other(name, ticket);
    };
  }

  /** Of {@code joined_ticket_chat}. */
  public static Result.Joined joined(JsonNode data) {
    Map<String, Long> read = new LinkedHashMap<>();
    data.path("read")
        .fields()
        .forEachRemaining(mark -> read.put(mark.getKey(), mark.getValue().asLong()));
    return new Result.Joined(
        text(data, "epoch"),
        data.path("seq").asLong(),
        data.path("recovered").asBoolean(),
        messages(data),
        users(data, "participants").users(),
        count(data),
        users(data, "typing").users(),
        read);
  }

  /** Of {@code message_accepted}, or of the answer to a publication. */
  public static Result.Accepted accepted(JsonNode data) {
    return new Result.Accepted(
        text(data, "id"),
        text(data, "epoch"),
        data.path("seq").asLong(),
        data.path("duplicate").asBoolean());
  }

  /** Of {@code messages_marked}. */
  public static Result.Marked marked(JsonNode data) {
    return new Result.Marked(list(data.path("message_ids"), JsonNode::asText));
  }

  /** Of {@code messages}, or of a page by HTTP. */
  public static Result.Page page(JsonNode data) {
    return new Result.Page(
        text(data, "epoch"), messages(data), data.path("more").asBoolean());
  }

  /** Of {@code message_status}. */
  public static Result.Statuses statuses(JsonNode data) {
    Map<String, String> statuses = new HashMap<>();
    data.path("statuses")
        .fields()
        .forEachRemaining(
            status -> statuses.put(status.getKey(), status.getValue().asText()));
    return new Result.Statuses(statuses);
  }

  /** Of a list of users: {@code participants}, {@code users} or {@code typing} name the field. */
  public static Result.Users users(JsonNode data, String field) {
    return new Result.Users(
        list(data.path(field), user -> text(user, "user_id")),
        data.has("participants_count") ? count(data) : null);
  }

  /** Of a user's presence by HTTP. */
  public static Result.Presence presence(JsonNode data) {
    JsonNode connections = data.path("connections");
    return new Result.Presence(
        data.path("connected").asBoolean(),
        connections.isArray() ? connections.size() : connections.asInt());
  }

  /** Of a message in any of the above. */
  public static Message message(JsonNode data) {
    return new Message(
        text(data, "id"),
        data.path("seq").asLong(),
        text(data, "user_id"),
        text(data, "client_id"),
        text(data, "status"));
  }

  private static List<Message> messages(JsonNode data) {
    return list(data.path("messages"), Wire::message);
  }

  private static int count(JsonNode data) {
    return data.path("participants_count").asInt();
  }

  private static String text(JsonNode data, String field) {
    JsonNode value = data.path(field);
    return value.isMissingNode() || value.isNull() ? null : value.asText();
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
    List<T> list = new ArrayList<>(array.size());
    array.forEach(node -> list.add(each.apply(node)));
    return list;
  }
}
