package dev.chatgateway.protocol;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The events a client may send, each with the fields its {@code data} may have. */
public enum ClientEvent {
  CHAT_AUTHENTICATE("chat_authenticate", "chat_authenticated", "token"),
  JOIN_TICKET_CHAT("join_ticket_chat", "joined_ticket_chat", "ticket_id", "epoch", "last_seq"),
  LEAVE_TICKET_CHAT("leave_ticket_chat", "left_ticket_chat", "ticket_id"),
  SEND_MESSAGE("send_message", "message_accepted", "ticket_id", "text", "data", "client_id"),
  TYPING_START("typing_start", null, "ticket_id"),
  TYPING_STOP("typing_stop", null, "ticket_id"),
  MARK_MESSAGES_DELIVERED(
      "mark_messages_delivered",
      "messages_marked",
      "ticket_id",
      "message_ids",
      "up_to_seq",
      "epoch"),
  MARK_MESSAGES_READ(
      "mark_messages_read", "messages_marked", "ticket_id", "message_ids", "up_to_seq", "epoch"),
  GET_MESSAGE_STATUS("get_message_status", "message_status", "ticket_id", "message_ids"),
  GET_TYPING_USERS("get_typing_users", "typing_users", "ticket_id"),
  GET_PARTICIPANTS("get_participants", "participants", "ticket_id", "limit", "cursor"),
  GET_MESSAGES("get_messages", "messages", "ticket_id", "before_seq", "after_seq", "limit");

  private static final Map<String, ClientEvent> BY_WIRE = Arrays.stream(values())
      .collect(Collectors.toUnmodifiableMap(ClientEvent::wire, Function.identity()));

  private final String wire;
  private final String success;
  private final Set<String> fields;

  ClientEvent(String wire, String success, String... fields) {
    this.wire = wire;
    this.success = success;
    Set<String> all = new HashSet<>(Arrays.asList(fields));
    // Clients of the service this one replaces send these along; nothing is decided by them.
    all.addAll(List.of("user_id", "user_name", "is_admin"));
    this.fields = Set.copyOf(all);
  }

  /** The event's name on the wire. */
  public String wire() {
    return wire;
  }

  /** The event that tells success to a caller who gave no {@code ref}; null where none does. */
  public String successEvent() {
    return success;
  }

  /** The names {@code data} may have. */
  public Set<String> fields() {
    return fields;
  }

  /**
   * The event of that name.
   *
   * @throws ChatException {@code unknown_event} where there is none
   */
  public static ClientEvent of(String wire) {
    ClientEvent event = BY_WIRE.get(wire);
    if (event == null) {
      throw new ChatException(
          ErrorCode.UNKNOWN_EVENT,
          "no such event; the gateway knows " + new TreeSet<>(BY_WIRE.keySet()));
    }
    return event;
  }
}
