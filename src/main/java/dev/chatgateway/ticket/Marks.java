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
import java.util.ArrayList;
import java.util.List;

/**
 * What has become of messages: delivered, read, and how many are unread.
 *
 * <p>Keys: {@code {t:<id>}:status}, hash of seq to {@code letter author id} for each message kept;
 * {@code …:marks}, hash with {@code r:<user>} and {@code d:<user>} (up to which seq the user has
 * read, and has been delivered everything), {@code o:<user>} (messages of the user) and {@code
 * p:<user>} (how many of those are up to the read seq). They live as the ticket does.
 */
public final class Marks {
  private static final LuaScript MARK = LuaScript.load("ticket/mark");
  private static final LuaScript SET_STATUS = LuaScript.load("ticket/set_status");
  private static final LuaScript STATUSES = LuaScript.load("ticket/statuses");
  private static final LuaScript UNREAD = LuaScript.load("ticket/unread");
  private static final int MAX_IDS = 100;

  private final TicketScripts scripts;
  private final Rooms rooms;

  public Marks(TicketScripts scripts, Rooms rooms) {
    this.scripts = scripts;
    this.rooms = rooms;
  }

  /** {@code mark_messages_delivered}. */
  public Future<byte[]> markDelivered(Session session, Fields data) {
    return mark(session, data, Status.DELIVERED);
  }

  /** {@code mark_messages_read}. */
  public Future<byte[]> markRead(Session session, Fields data) {
    return mark(session, data, Status.READ);
  }

  private Future<byte[]> mark(Session session, Fields data, Status status) {
    String ticketId = data.id("ticket_id");
    long upTo = data.optionalLong("up_to_seq", 0, Long.MAX_VALUE >> 12, -1);
    if (data.has("message_ids") == (upTo >= 0)) {
      throw ChatException.badRequest(
          data.path("message_ids"), "give either message_ids or up_to_seq");
    }
    String epoch = data.optionalString("epoch", 64);
    if (epoch != null && upTo < 0) {
      throw ChatException.badRequest(data.path("epoch"), "goes with up_to_seq only");
    }
    List<String> ids = upTo >= 0 ? List.of() : data.ids("message_ids", MAX_IDS);
    Seat seat = rooms.requireSeat(session, ticketId);
    String userId = session.principal().userId();
    return rooms
        .asMember(
            seat,
            member -> scripts.call(
                session.loop().redis(),
                MARK,
                ticketId,
                member,
                userId,
                status.letter(),
                upTo,
                epoch == null ? "" : "=" + epoch,
                ids))
        .map(reply -> marked(ticketId, status, reply));
  }

  private static byte[] marked(String ticketId, Status status, Reply reply) {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .field("status", status.wire())
        .name("message_ids")
        .beginArray();
    for (int i = 1; i < reply.size(); i++) {
      json.value(reply.at(i).text());
    }
    return json.endArray().endObject().toBytes();
  }

  /** {@code get_message_status}. */
  public Future<byte[]> statuses(Session session, Fields data) {
    String ticketId = data.id("ticket_id");
    List<String> ids = data.ids("message_ids", MAX_IDS);
    Seat seat = rooms.requireSeat(session, ticketId);
    return rooms
        .asMember(
            seat, member -> scripts.call(session.loop().redis(), STATUSES, ticketId, member, ids))
        .map(reply -> {
          JsonWriter json = new JsonWriter()
              .beginObject()
              .idField("ticket_id", ticketId)
              .name("statuses")
              .beginObject();
          for (int i = 1; i + 1 < reply.size(); i += 2) {
            json.field(
                reply.at(i).text(), Status.ofLetter(reply.at(i + 1).text()).wire());
          }
          return json.endObject().endObject().toBytes();
        });
  }

  /** The status of one message, for the ticket system; null where there is no such message. */
  public Future<Status> status(RedisLink link, String ticketId, String messageId) {
    return scripts
        .call(link, STATUSES, ticketId, "", messageId)
        .map(reply -> reply.size() < 3 ? null : Status.ofLetter(reply.at(2).text()));
  }

  /**
   * What a status that was set is now.
   *
   * @param moved whether it is that because of this call
   */
  public record SetStatus(Status status, boolean moved) {}

  /** The ticket system sets the status of a message; null where there is no such message. */
  public Future<SetStatus> set(
      RedisLink link, String ticketId, String messageId, Status status, String onBehalfOf) {
    return scripts
        .call(link, SET_STATUS, ticketId, messageId, status.letter(), onBehalfOf)
        .map(reply -> reply.size() < 2
            ? null
            : new SetStatus(Status.ofLetter(reply.at(0).text()), reply.at(1).number() == 1));
  }

  /** How many messages of others each of the users has not read, in their order. */
  public Future<List<Long>> unread(RedisLink link, String ticketId, List<String> userIds) {
    return scripts.call(link, UNREAD, ticketId, userIds).map(reply -> {
      List<Long> counts = new ArrayList<>(reply.size());
      for (int i = 0; i < reply.size(); i++) {
        counts.add(reply.at(i).number());
      }
      return counts;
    });
  }
}
