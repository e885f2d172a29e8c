package dev.chatgateway.abuse;

import dev.chatgateway.testing.Tokens;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Valid frames of clients, for mutators to begin with, and who sends them. */
final class ChatFrames {
  private static final int USERS = 24;
  private static final List<String> TICKETS = List.of("fuzz-1", "fuzz-2", "77");

  private final List<String> tokens = IntStream.range(0, USERS)
      .mapToObj(i -> i % 8 == 0
          ? Tokens.admin("fuzz-admin-" + i).sign()
          : Tokens.user("fuzz-" + i).tickets("fuzz-1", "fuzz-2", 77).sign())
      .toList();

  /** The token of one of the attackers. */
  String token(Random random) {
    return tokens.get(random.nextInt(tokens.size()));
  }

  /** The name of an event and its data, as a JSON array of the two. */
  String[] event(Random random) {
    String ticket = '"' + TICKETS.get(random.nextInt(TICKETS.size())) + '"';
    String of = "{\"ticket_id\":" + ticket;
    String secret = AbusedPod.SECRET;
    return switch (random.nextInt(14)) {
      case 0 -> pair("chat_authenticate", "{\"token\":\"" + token(random) + "\"}");
      case 1, 2 -> pair("join_ticket_chat", of + "}");
      case 3 -> pair("join_ticket_chat", of + ",\"epoch\":\"e\",\"last_seq\":3}");
      case 4 -> pair("leave_ticket_chat", of + "}");
      case 5, 6 ->
        pair(
            "send_message",
            of + ",\"text\":\"" + secret + "\",\"client_id\":\"c" + random.nextInt() + "\"}");
      case 7 -> pair("send_message", of + ",\"data\":{\"a\":[1,\"" + secret + "\"]}}");
      case 8 -> pair(random.nextBoolean() ? "typing_start" : "typing_stop", of + "}");
      case 9 -> pair("mark_messages_read", of + ",\"up_to_seq\":" + random.nextInt(5) + "}");
      case 10 -> pair("mark_messages_delivered", of + ",\"message_ids\":[\"a\",\"b\"]}");
      case 11 -> pair("get_message_status", of + ",\"message_ids\":[\"a\",7]}");
      case 12 -> pair("get_messages", of + ",\"after_seq\":0,\"limit\":5}");
      default -> pair(random.nextBoolean() ? "get_typing_users" : "get_participants", of + "}");
    };
  }

  /** A frame of the plain door. */
  String frame(Random random) {
    String[] event = event(random);
    String ref = random.nextInt(3) == 0 ? "" : "\"ref\":" + random.nextInt(1000) + ",";
    return "{\"event\":\"" + event[0] + "\"," + ref + "\"data\":" + event[1] + "}";
  }

  private static String[] pair(String name, String data) {
    return new String[] {name, data};
  }
}
