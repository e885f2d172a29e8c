package dev.chatgateway.ticket;

import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.redis.Reply;
import java.util.List;

/** A room as of one moment, as {@code ticket/join} gives it. */
final class Snapshot {
  private final String ticketId;
  private final Reply reply;

  Snapshot(String ticketId, Reply reply) {
    this.ticketId = ticketId;
    this.reply = reply;
  }

  String epoch() {
    return reply.at(1).text();
  }

  long seq() {
    return reply.at(2).number();
  }

  long rev() {
    return reply.at(3).number();
  }

  /** Whether the messages are exactly those after what the client had. */
  boolean recovered() {
    return reply.at(4).number() == 1;
  }

  /** The data of {@code joined_ticket_chat}. */
  byte[] json() {
    List<StoredMessage> messages = StoredMessage.list(reply.at(9));
    JsonWriter json = new JsonWriter(512 + 400 * messages.size());
    json.beginObject().idField("ticket_id", ticketId);
    Participants.write(json, reply.at(6));
    json.name("typing").beginArray();
    Reply typists = reply.at(7);
    for (int i = 0; i < typists.size(); i++) {
      json.beginObject()
          .idField("user_id", typists.at(i).at(0).text())
          .field("user_name", typists.at(i).at(1).text())
          .field("started_at", Timestamps.iso(typists.at(i).at(2).number()))
          .endObject();
    }
    json.endArray().name("read").beginObject();
    Reply reads = reply.at(8);
    for (int i = 0; i + 1 < reads.size(); i += 2) {
      json.field(reads.at(i).text(), reads.at(i + 1).number());
    }
    json.endObject()
        .field("epoch", epoch())
        .field("seq", seq())
        .field("recovered", recovered())
        .name("messages");
    StoredMessage.writeAll(json, ticketId, epoch(), messages);
    return json.field("closed", reply.at(5).number() == 1).endObject().toBytes();
  }
}
