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
    Seat seat = rooms.requireSeat(session, ticketId);
    return rooms
        .asMember(
            seat, member -> scripts.call(session.loop().redis(), PARTICIPANTS, ticketId, member))
        .map(reply -> participants(ticketId, reply));
  }

  /** Who is in the room, for the ticket system. */
  public Future<byte[]> participants(RedisLink link, String ticketId) {
    return scripts
        .call(link, PARTICIPANTS, ticketId, "")
        .map(reply -> participants(ticketId, reply));
  }

  private static byte[] participants(String ticketId, Reply reply) {
    JsonWriter json = new JsonWriter().beginObject().idField("ticket_id", ticketId);
    Participants.write(json, reply.at(1));
    return json.endObject().toBytes();
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
