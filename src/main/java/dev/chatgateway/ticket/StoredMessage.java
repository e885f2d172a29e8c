package dev.chatgateway.ticket;

import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.redis.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * A message as it is stored.
 *
 * @param sentAtMs Redis's time, in ms since 1970
 * @param body what its sender's pod made of it: one JSON object with user_id, user_name, is_admin,
 *     text, data and client_id
 */
record StoredMessage(long seq, String id, long sentAtMs, byte[] body, Status status) {
  /** The messages of a script's answer, {@code {{seq, id, sent_at_ms, user_id, body, letter}, …}}. */
  static List<StoredMessage> list(Reply reply) {
    List<StoredMessage> messages = new ArrayList<>(reply.size());
    for (int i = 0; i < reply.size(); i++) {
      Reply message = reply.at(i);
      messages.add(new StoredMessage(
          message.at(0).number(),
          message.at(1).text(),
          message.at(2).number(),
          message.at(4).bytes(),
          Status.ofLetter(message.at(5).text())));
    }
    return messages;
  }

  /** The message as clients get it. */
  void write(JsonWriter json, String ticketId, String epoch) {
    json.beginObject()
        .field("id", id)
        .idField("ticket_id", ticketId)
        .field("seq", seq)
        .field("epoch", epoch)
        .members(body)
        .field("sent_at", Timestamps.iso(sentAtMs))
        .field("status", status.wire())
        .endObject();
  }

  /** Messages as an array. */
  static void writeAll(
      JsonWriter json, String ticketId, String epoch, List<StoredMessage> messages) {
    json.beginArray();
    for (StoredMessage message : messages) {
      message.write(json, ticketId, epoch);
    }
    json.endArray();
  }
}
