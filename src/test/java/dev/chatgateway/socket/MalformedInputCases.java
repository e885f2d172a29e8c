package dev.chatgateway.socket;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that can be wrong with the data of a client's event. */
final class MalformedInputCases {
  /**
   * One piece of data that must be refused.
   *
   * @param event the client event
   * @param data its data, as JSON
   * @param code what it is refused with
   * @param path what is wrong with it, as the message must name it
   */
  record Case(String event, String data, String code, String path) {
    @Override
    public String toString() {
      String shown = data.length() > 90 ? data.substring(0, 90) + "…" : data;
      return event + " " + shown.replaceAll("[^ -~…]", "?") + " -> " + code + " " + path;
    }
  }

  private static final String BAD = "bad_request";
  private static final String LARGE = "too_large";
  private static final String HUGE = "1e400";

  private static final List<String> OF_A_TICKET = List.of(
      "join_ticket_chat",
      "leave_ticket_chat",
      "send_message",
      "typing_start",
      "typing_stop",
      "mark_messages_delivered",
      "mark_messages_read",
      "get_message_status",
      "get_typing_users",
      "get_participants",
      "get_messages");

  private final List<Case> cases = new ArrayList<>();

  static Stream<Case> all() {
    MalformedInputCases all = new MalformedInputCases();
    all.ticketIds();
    all.strings();
    all.numbers();
    all.messageIds();
    all.contradictions();
    all.wholeData();
    return all.cases.stream();
  }

  private void add(String event, String members, String code, String path) {
    cases.add(new Case(event, "{" + members + "}", code, path));
  }

  /** What a field needs around it for nothing but the field to be wrong. */
  private static String around(String event) {
    return switch (event) {
      case "chat_authenticate" -> "\"token\":\"x\"";
      case "send_message" -> "\"ticket_id\":\"TICKET\",\"text\":\"hi\"";
      default -> "\"ticket_id\":\"TICKET\"";
    };
  }

  private void refused(String event, String field, String code, String... values) {
    for (String value : values) {
      String others = Stream.of(around(event).split(","))
          .filter(member -> !member.startsWith("\"" + field + "\""))
          .collect(Collectors.joining(","));
      String member = "\"" + field + "\":" + value;
      add(event, others.isEmpty() ? member : others + "," + member, code, "data." + field);
    }
  }

  private static String string(int length) {
    return '"' + "x".repeat(length) + '"';
  }

  private void ticketIds() {
    for (String event : OF_A_TICKET) {
      add(event, event.equals("send_message") ? "\"text\":\"hi\"" : "", BAD, "data.ticket_id");
      refused(event, "ticket_id", BAD, "null", "true", "[]", "{}", "[1]", "1.5", "1e2", HUGE);
      refused(event, "ticket_id", BAD, "\"\"", string(65), "9".repeat(65), "\"a b\"", "\"a/b\"");
      refused(event, "ticket_id", BAD, "\"a\\u0000\"", "\"a\\n\"", "\"\\ud800\"", "\"é\"");
      refused(event, "ticket_id", BAD, "\"{t:1}\"", "\"*\"", "\" 1\"");
    }
  }

  private void strings() {
    String[] notStrings = {"1", "1.5", "true", "[]", "{}", "[\"a\"]", HUGE};
    add("chat_authenticate", "", BAD, "data.token");
    refused("chat_authenticate", "token", BAD, "null");
    refused("chat_authenticate", "token", BAD, notStrings);
    refused("chat_authenticate", "token", LARGE, string(12_001));
    refused("chat_authenticate", "user_id", BAD, "1.5", "true", "[]", "{}", "\"\"", string(65));
    refused("chat_authenticate", "user_id", BAD, HUGE, "\"\\ud800\"", "\"a\\u0000\"");
    refused("chat_authenticate", "is_admin", BAD, "\"true\"", "1", "0", "[]", "{}");
    refused("send_message", "text", BAD, notStrings);
    refused("send_message", "text", BAD, "null", "\"\"");
    refused("send_message", "text", LARGE, string(8_001));
    refused("send_message", "client_id", BAD, notStrings);
    refused("send_message", "client_id", LARGE, string(65));
    for (String at : List.of(
        "join_ticket_chat last_seq",
        "mark_messages_delivered up_to_seq",
        "mark_messages_read up_to_seq")) {
      String event = at.split(" ")[0];
      String epoch = "\"ticket_id\":\"TICKET\",\"" + at.split(" ")[1] + "\":1,\"epoch\":";
      for (String value : notStrings) {
        add(event, epoch + value, BAD, "data.epoch");
      }
      add(event, epoch + string(65), LARGE, "data.epoch");
    }
    refused("send_message", "data", LARGE, string(16_383), "[" + string(16_381) + "]");
  }

  private void numbers() {
    for (String at : List.of(
        "join_ticket_chat last_seq",
        "mark_messages_delivered up_to_seq",
        "mark_messages_read up_to_seq",
        "get_messages before_seq",
        "get_messages after_seq",
        "get_messages limit")) {
      String event = at.split(" ")[0];
      String field = at.split(" ")[1];
      refused(event, field, BAD, "\"5\"", "true", "[]", "{}", "1.5", "1.0", "1e2", HUGE);
      refused(event, field, BAD, "-1", "-9223372036854775808", "9223372036854775808");
      refused(event, field, BAD, "2251799813685248", "9".repeat(90));
    }
    refused("get_messages", "limit", BAD, "0", "101");
    refused("get_messages", "before_seq", BAD, "0");
  }

  private void messageIds() {
    for (String event :
        List.of("mark_messages_delivered", "mark_messages_read", "get_message_status")) {
      add(event, around(event), BAD, "data.message_ids");
      refused(event, "message_ids", BAD, "null", "\"a\"", "1", "true", "{}", "[]", HUGE);
      String ids = String.join(",", Collections.nCopies(101, "\"m\""));
      refused(event, "message_ids", LARGE, "[" + ids + "]");
      for (String id : List.of("null", "true", "1.5", "\"\"", "[]", "{}", string(65), HUGE)) {
        add(
            event,
            around(event) + ",\"message_ids\":[\"m\"," + id + "]",
            BAD,
            "data.message_ids[1]");
      }
      add(event, around(event) + ",\"message_ids\":[\"\\ud800\"]", BAD, "data.message_ids[0]");
    }
  }

  private void contradictions() {
    String both = "\"ticket_id\":\"TICKET\",\"message_ids\":[\"m\"],\"up_to_seq\":1";
    add("mark_messages_read", both, BAD, "data.message_ids");
    add("mark_messages_delivered", both, BAD, "data.message_ids");
    String ofIds = "\"ticket_id\":\"TICKET\",\"message_ids\":[\"m\"],\"epoch\":\"e\"";
    add("mark_messages_read", ofIds, BAD, "data.epoch");
    add("mark_messages_delivered", ofIds, BAD, "data.epoch");
    String pages = "\"ticket_id\":\"TICKET\",\"before_seq\":5,\"after_seq\":1";
    add("get_messages", pages, BAD, "data.after_seq");
    add("join_ticket_chat", "\"ticket_id\":\"TICKET\",\"last_seq\":1", BAD, "data.epoch");
    add("join_ticket_chat", "\"ticket_id\":\"TICKET\",\"epoch\":\"e\"", BAD, "data.last_seq");
  }

  private void wholeData() {
    for (String event :
        Stream.concat(OF_A_TICKET.stream(), Stream.of("chat_authenticate")).toList()) {
      String fields = around(event);
      add(event, fields + ",\"nope\":1", BAD, "data.nope");
      add(event, fields + ",\"__proto__\":{}", BAD, "data.__proto__");
      add(event, fields + ",\"" + "n".repeat(5_000) + "\":1", BAD, "data.nnnn");
      add(event, fields + ",\"\\ud800\":1", BAD, "data.");
      add(event, fields + ",\"" + "n".repeat(39) + "😀n\":1", BAD, "data.nnnn");
    }
  }
}
