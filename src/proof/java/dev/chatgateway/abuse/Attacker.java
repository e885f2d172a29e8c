package dev.chatgateway.abuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.testing.Tokens;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Who throws frames: somebody with a good token and tickets to enter, so that what is thrown gets as
 * far as a valid frame would.
 *
 * @param tickets the first is nobody else's, and the last the same for four
 */
record Attacker(String token, List<JsonNode> tickets) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int COUNT = 32;
  private static final int ADMIN_EVERY = 16;

  /** A valid event. */
  record Said(String event, ObjectNode data) {}

  static List<Attacker> all() {
    return IntStream.range(0, COUNT).mapToObj(Attacker::of).toList();
  }

  private static Attacker of(int i) {
    String own = "fuzz-" + i;
    int number = 7700 + i;
    String shared = "fuzz-shared-" + i / 4;
    Tokens tokens = i % ADMIN_EVERY == 0 ? Tokens.admin(own) : Tokens.user(own);
    return new Attacker(
        tokens.tickets(own, number, shared).sign(),
        List.of(NODES.textNode(own), NODES.numberNode(number), NODES.textNode(shared)));
  }

  Attacker inOwnTicketOnly() {
    return new Attacker(token, tickets.subList(0, 1));
  }

  /** Any event, to any of the tickets. */
  Said event(Random random) {
    return event(random, random.nextInt(20));
  }

  private Said event(Random random, int which) {
    ObjectNode data = of(tickets.get(random.nextInt(tickets.size())));
    return switch (which) {
      case 0 -> new Said("chat_authenticate", NODES.objectNode().put("token", token));
      case 1, 2, 3 -> new Said("join_ticket_chat", data);
      case 4 -> new Said("join_ticket_chat", data.put("epoch", "e").put("last_seq", 3));
      case 5 -> new Said("leave_ticket_chat", data);
      case 6, 7, 8 ->
        new Said(
            "send_message",
            data.put("text", AbusedPod.SECRET).put("client_id", "c" + random.nextInt()));
      case 9, 10 -> {
        data.putObject("data").put("b", true).putArray("a").add(1).add(AbusedPod.SECRET);
        yield new Said("send_message", data);
      }
      case 11, 12 -> new Said(random.nextBoolean() ? "typing_start" : "typing_stop", data);
      case 13 -> new Said("mark_messages_read", data.put("up_to_seq", random.nextInt(5)));
      case 14 -> new Said("mark_messages_delivered", withIds(data));
      case 15 -> new Said("get_message_status", withIds(data));
      case 16 -> new Said("get_messages", data.put("after_seq", 0).put("limit", 5));
      case 17 -> new Said("get_messages", data.put("before_seq", 9).put("limit", 3));
      default -> new Said(random.nextBoolean() ? "get_typing_users" : "get_participants", data);
    };
  }

  /** Whose ticket is the attacker's own. */
  ObjectNode ownTicket() {
    return of(tickets.get(0));
  }

  private static ObjectNode of(JsonNode ticket) {
    ObjectNode data = NODES.objectNode();
    data.set("ticket_id", ticket);
    return data;
  }

  private static ObjectNode withIds(ObjectNode data) {
    data.putArray("message_ids").add("a").add(7).add("b:1");
    return data;
  }
}
