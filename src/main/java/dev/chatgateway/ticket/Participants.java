package dev.chatgateway.ticket;

import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.redis.Reply;

/** The users of a room as stored: user id to {@code connections is_admin name}. */
final class Participants {
  private Participants() {}

  /** Writes {@code participants_count} and {@code participants} of a flat list of the hash. */
  static void write(JsonWriter json, Reply users, long count) {
    json.field("participants_count", count).name("participants").beginArray();
    for (int i = 0; i + 1 < users.size(); i += 2) {
      String[] entry = users.at(i + 1).text().split(" ", 3);
      json.beginObject()
          .idField("user_id", users.at(i).text())
          .field("user_name", entry[2])
          .field("is_admin", entry[1].equals("1"))
          .endObject();
    }
    json.endArray();
  }
}
