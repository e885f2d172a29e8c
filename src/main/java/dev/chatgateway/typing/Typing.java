package dev.chatgateway.typing;

import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.relay.Envelope;
import dev.chatgateway.relay.MalformedException;
import dev.chatgateway.relay.Relay;
import dev.chatgateway.session.Broadcast;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.RoomEvent;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Who types. The room is told when somebody begins and for how long to show it; repeats only move
 * the end in the store. The typist's pod looks when the end that was told comes near, and tells
 * that it goes on, or that it is over; should the pod die, whoever sweeps it does.
 *
 * <p>Key: {@code {t:<id>}:typing}, hash of user to {@code until started member name} (ms); lives as
 * the ticket does.
 */
public final class Typing {
  private static final Logger LOG = Logger.getLogger(Typing.class);
  private static final LuaScript START = LuaScript.load("typing/start");
  private static final LuaScript STOP = LuaScript.load("typing/stop");
  private static final LuaScript CHECK = LuaScript.load("typing/check");
  private static final LuaScript LIST = LuaScript.load("typing/list");
  // A look must not come before the end it looks for, in Redis's whole milliseconds.
  private static final long LATER_MS = 2;

  private final TicketScripts scripts;
  private final TypingConfig config;
  private final BiFunction<Session, String, Seat> requireSeat;
  private final BiFunction<Seat, Function<String, Future<Reply>>, Future<Reply>> asMember;
  private final Membership membership;

  /**
   * @param requireSeat gives the seat of a session that may act in a ticket, or throws
   * @param asMember runs a script for a seated session
   */
  public Typing(
      TicketScripts scripts,
      TypingConfig config,
      BiFunction<Session, String, Seat> requireSeat,
      BiFunction<Seat, Function<String, Future<Reply>>, Future<Reply>> asMember,
      Membership membership) {
    this.scripts = scripts;
    this.config = config;
    this.requireSeat = requireSeat;
    this.asMember = asMember;
    this.membership = membership;
  }

  /** Makes what the room hears known to the relay. */
  public void register(Relay relay) {
    relay.render('t', Typing::render);
  }

  /** {@code typing_start}. */
  public Future<byte[]> start(Session session, Fields data) {
    Seat seat = requireSeat.apply(session, data.id("ticket_id"));
    return asMember
        .apply(
            seat,
            name -> call(
                session,
                START,
                seat.ticketId(),
                name,
                session.principal().userId(),
                session.principal().userName(),
                config.shown().toMillis()))
        .map(reply -> {
          if (reply.at(2).number() == 1) {
            lookAtTheEnd(
                seat, reply.at(3).number(), reply.at(1).number(), config.shown().toMillis());
          }
          return null;
        });
  }

  /** {@code typing_stop}. */
  public Future<byte[]> stop(Session session, Fields data) {
    Seat seat = requireSeat.apply(session, data.id("ticket_id"));
    return asMember
        .apply(
            seat,
            name ->
                call(session, STOP, seat.ticketId(), name, session.principal().userId()))
        .map(reply -> null);
  }

  /** A user has sent what they typed. */
  public void ended(RedisLink link, String ticketId, String userId) {
    scripts
        .call(link, STOP, ticketId, "", userId)
        .onFailure(e -> LOG.debugf("A typist stays until the end is due: %s", e.getMessage()));
  }

  /** {@code get_typing_users}. */
  public Future<byte[]> users(Session session, Fields data) {
    Seat seat = requireSeat.apply(session, data.id("ticket_id"));
    return asMember
        .apply(seat, name -> call(session, LIST, seat.ticketId(), name))
        .map(reply -> users(seat.ticketId(), reply));
  }

  /** Who types, for the ticket system. */
  public Future<byte[]> users(RedisLink link, String ticketId) {
    return scripts.call(link, LIST, ticketId, "").map(reply -> users(ticketId, reply));
  }

  private Future<Reply> call(Session session, LuaScript script, String ticketId, Object... args) {
    return scripts.call(session.loop().redis(), script, ticketId, args);
  }

  /** Looks a little before the end the room was told; should that have moved, the room is told. */
  private void lookAtTheEnd(Seat seat, long startedMs, long toldUntilMs, long leftMs) {
    long renewal = config.renewal().toMillis();
    long inMs = leftMs > 2 * renewal ? leftMs - renewal : leftMs + LATER_MS;
    look(seat, startedMs, toldUntilMs, inMs);
  }

  private void look(Seat seat, long startedMs, long toldUntilMs, long inMs) {
    Session session = seat.session();
    session.loop().after(inMs, () -> {
      if (session.isClosed() || session.seat(seat.ticketId()) != seat) {
        return; // leaving has ended it
      }
      call(
              session,
              CHECK,
              seat.ticketId(),
              membership.member(session),
              session.principal().userId(),
              toldUntilMs,
              startedMs)
          .onSuccess(reply -> {
            long until = reply.at(0).number();
            long left = reply.at(1).number();
            if (until > toldUntilMs) {
              lookAtTheEnd(seat, startedMs, until, left);
            } else if (until > 0) {
              look(seat, startedMs, toldUntilMs, left + LATER_MS);
            }
          })
          .onFailure(
              failed -> look(seat, startedMs, toldUntilMs, config.renewal().toMillis()));
    });
  }

  /** Words: when, who, 1 or 0, for how long in ms. Payload: the name. */
  private static RoomEvent render(String ticketId, Envelope envelope) {
    String userId = envelope.arg(1);
    if (!Ids.isValidUser(userId)) {
      throw new MalformedException("not a user's id");
    }
    JsonWriter json = new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .idField("user_id", userId)
        .field("user_name", envelope.payloadText())
        .field("is_typing", envelope.arg(2).equals("1"))
        .field("expires_in_ms", envelope.longArg(3))
        .endObject();
    Broadcast broadcast = new Broadcast(new ServerEvent("user_typing", json.toBytes()), true);
    return new RoomEvent(
        envelope.epoch(), envelope.seq(), envelope.rev(), false, userId, List.of(broadcast));
  }

  private static byte[] users(String ticketId, Reply reply) {
    JsonWriter json = new JsonWriter()
        .beginObject()
        .idField("ticket_id", ticketId)
        .name("users")
        .beginArray();
    Reply typists = reply.at(1);
    for (int i = 0; i < typists.size(); i++) {
      json.beginObject()
          .idField("user_id", typists.at(i).at(0).text())
          .field("user_name", typists.at(i).at(1).text())
          .field("started_at", Timestamps.iso(typists.at(i).at(2).number()))
          .endObject();
    }
    return json.endArray().endObject().toBytes();
  }
}
