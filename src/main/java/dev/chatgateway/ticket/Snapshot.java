package dev.chatgateway.ticket;

import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.redis.Reply;
import java.util.List;

/** A room as of one moment, as {@code ticket/join} gives it. */
final class Snapshot {
  private final String ticketId;
  private final Reply reply;
  private final List<StoredMessage> messages;
  private final long upTo;

  /**
   * @param lastSeq up to where the client had the room's messages
   */
  Snapshot(String ticketId, long lastSeq, Reply reply) {
    this.ticketId = ticketId;
    this.reply = reply;
    this.messages = StoredMessage.list(reply.at(9));
    long before = recovered() ? lastSeq : 0;
    this.upTo = messages.isEmpty() ? before : messages.get(messages.size() - 1).seq();
  }

  String epoch() {
    return reply.at(1).text();
  }

  /** The seq of the ticket's newest message. */
  long newest() {
    return reply.at(2).number();
  }

  /** The seq of the last message that the client has after this. */
  long upTo() {
    return upTo;
  }

  /** Whether messages are to follow. */
  boolean more() {
    return recovered() && upTo < newest();
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
    JsonWriter json = new JsonWriter(512 + 400 * messages.size());
    json.beginObject().idField("ticket_id", ticketId);
    Participants.write(json, reply.at(6), reply.at(12).number());
    if (reply.at(6).size() / 2 < reply.at(12).number() || reply.at(13).number() == 1) {
      json.field("participants_more", true);
    }
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
        .field("seq", upTo)
        .field("newest_seq", newest())
        .field("recovered", recovered())
        .field("more", more())
        .name("messages");
    StoredMessage.writeAll(json, ticketId, epoch(), messages);
    return json.field("closed", reply.at(5).number() == 1).endObject().toBytes();
  }
}
