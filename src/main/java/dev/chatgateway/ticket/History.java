package dev.chatgateway.ticket;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;

/**
 * Gives the history: pages of the messages that a ticket's log still holds, oldest first, counted
 * from its end or from a seq. Keeps nothing, and may be called on any loop.
 */
public final class History {
  private static final LuaScript HISTORY = LuaScript.load("ticket/history");
  private static final int MAX_PAGE = 100;

  private final TicketScripts scripts;
  private final Rooms rooms;
  private final int defaultPage;
  private final int pageBytes;

  /**
   * @param defaultPage how many messages a page has that is asked for without a limit
   * @param pageBytes what the messages of a page take at most, about; one message may take more
   */
  public History(TicketScripts scripts, Rooms rooms, int defaultPage, int pageBytes) {
    this.scripts = scripts;
    this.rooms = rooms;
    this.defaultPage = defaultPage;
    this.pageBytes = pageBytes;
  }

  /** A page of history for a client: {@code get_messages}. */
  public Future<byte[]> page(Session session, Fields data) {
    String ticketId = data.id("ticket_id");
    Page page = asked(data);
    Seat seat = rooms.requireSeat(session, ticketId);
    return rooms
        .asMember(seat, member -> read(session.loop().redis(), ticketId, member, page))
        .map(reply -> json(ticketId, reply));
  }

  /** A page of history for the ticket system. */
  public Future<byte[]> page(RedisLink link, String ticketId, Fields query) {
    return read(link, ticketId, "", asked(query)).map(reply -> json(ticketId, reply));
  }

  private Future<Reply> read(RedisLink link, String ticketId, String member, Page page) {
    return scripts.call(
        link, HISTORY, ticketId, member, page.direction(), page.seq(), page.limit(), pageBytes);
  }

  private record Page(String direction, long seq, long limit) {}

  private Page asked(Fields fields) {
    long before = fields.optionalLong("before_seq", 1, Long.MAX_VALUE >> 12, -1);
    long after = fields.optionalLong("after_seq", 0, Long.MAX_VALUE >> 12, -1);
    if (before >= 0 && after >= 0) {
      throw ChatException.badRequest(
          fields.path("after_seq"), "give before_seq or after_seq, not both");
    }
    long limit = fields.optionalLong("limit", 1, MAX_PAGE, defaultPage);
    String direction = before >= 0 ? "before" : after >= 0 ? "after" : "newest";
    return new Page(direction, Math.max(0, Math.max(before, after)), limit);
  }

  private static byte[] json(String ticketId, Reply reply) {
    String epoch = reply.at(1).text();
    JsonWriter json = new JsonWriter(4096);
    json.beginObject().idField("ticket_id", ticketId).field("epoch", epoch).name("messages");
    StoredMessage.writeAll(json, ticketId, epoch, StoredMessage.list(reply.at(3)));
    return json.field("more", reply.at(2).number() == 1).endObject().toBytes();
  }
}
