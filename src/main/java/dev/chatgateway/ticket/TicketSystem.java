package dev.chatgateway.ticket;

import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** What the ticket system does to a whole ticket, and who is there. */
public final class TicketSystem {
  private static final LuaScript PARTICIPANTS = LuaScript.load("ticket/participants");
  private static final LuaScript UPDATE = LuaScript.load("ticket/update");
  private static final LuaScript REMOVE = LuaScript.load("ticket/remove");
  private static final LuaScript FORGET = LuaScript.load("ticket/forget");

  private static final int MAX_PARTICIPANTS = 200;
  private static final int MAX_CURSOR = 65; // a letter and a user's id

  private final TicketScripts scripts;
  private final Rooms rooms;
  private final String notifications;
  private final BiFunction<String, String, Future<?>> unfollow;

  /**
   * @param unfollow makes a user follow a ticket no longer: user id, ticket id
   */
  public TicketSystem(
      TicketScripts scripts,
      Keys keys,
      Rooms rooms,
      BiFunction<String, String, Future<?>> unfollow) {
    this.scripts = scripts;
    this.rooms = rooms;
    this.notifications = keys.allPodsChannel();
    this.unfollow = unfollow;
  }

  /** {@code get_participants}. */
  public Future<byte[]> participants(Session session, Fields data) {
    String ticketId = data.id("ticket_id");
    Page page = page(data);
    Seat seat = rooms.requireSeat(session, ticketId);
    return rooms
        .asMember(seat, member -> read(session.loop().redis(), ticketId, member, page))
        .map(reply -> participants(ticketId, reply));
  }

  /** Who is in the room, for the ticket system. */
  public Future<byte[]> participants(RedisLink link, String ticketId, Fields query) {
    return read(link, ticketId, "", page(query)).map(reply -> participants(ticketId, reply));
  }

  private record Page(long limit, String cursor) {}

  private static Page page(Fields fields) {
    String cursor = fields.optionalString("cursor", MAX_CURSOR);
    return new Page(
        fields.optionalLong("limit", 1, MAX_PARTICIPANTS, MAX_PARTICIPANTS),
        cursor == null ? "" : cursor);
  }

  private Future<Reply> read(RedisLink link, String ticketId, String member, Page page) {
    return scripts.call(link, PARTICIPANTS, ticketId, member, page.limit(), page.cursor());
  }

  private static byte[] participants(String ticketId, Reply reply) {
    JsonWriter json = new JsonWriter().beginObject().idField("ticket_id", ticketId);
    Participants.write(json, reply.at(1), reply.at(2).number());
    String cursor = reply.at(3).text();
    return json.field("more", !cursor.isEmpty())
        .field("cursor", cursor.isEmpty() ? null : cursor)
        .endObject()
        .toBytes();
  }

  /** Tells the room and the ticket's followers of a change; data is one JSON object. */
  public Future<Void> update(RedisLink link, String ticketId, byte[] data) {
    byte[] event = new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .members(data)
        .endObject()
        .toBytes();
    return scripts
        .call(link, UPDATE, ticketId, event, notifications, ticketId, "")
        .mapEmpty();
  }

  /** Closes the ticket for clients' messages, or reopens it; the room is told. */
  public Future<Void> setClosed(RedisLink link, String ticketId, boolean closed) {
    byte[] event = new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .field("closed", closed)
        .endObject()
        .toBytes();
    return scripts
        .callDurably(link, UPDATE, ticketId, event, notifications, ticketId, closed ? "1" : "0")
        .mapEmpty();
  }

  /**
   * Puts a user out of a ticket, everywhere; tokens issued up to now don't admit them again.
   *
   * @param close whether their connections end as well (4403)
   * @return whether the user was in the room
   */
  public Future<Boolean> remove(RedisLink link, String ticketId, String userId, boolean close) {
    return scripts
        .callDurably(link, REMOVE, ticketId, userId, close ? 1 : 0, System.currentTimeMillis())
        .compose(reply -> unfollow.apply(userId, ticketId).map(done -> reply.number() == 1));
  }

  /** Forgets all there is of a ticket; who is in its room has to leave. */
  public Future<Void> forget(RedisLink link, String ticketId) {
    return scripts.callDurably(link, FORGET, ticketId).compose(followers -> {
      List<Future<?>> all = new ArrayList<>();
      for (String userId : followers.texts()) {
        if (Ids.isValidUser(userId)) {
          all.add(unfollow.apply(userId, ticketId));
        }
      }
      return Future.all(all).mapEmpty();
    });
  }
}
