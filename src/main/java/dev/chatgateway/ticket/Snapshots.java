package dev.chatgateway.ticket;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.Pacer;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Has connections join their rooms in the store, which gives the room's state as of then: the
 * live events continue it without a hole. It is fetched once more where the room was started anew
 * meanwhile; a connection that has gone meanwhile is taken out of the room again. Owns how many
 * snapshots are fetched at once. Called, and completes, on the seat's loop.
 */
final class Snapshots {
  private static final LuaScript JOIN = LuaScript.load("ticket/join");
  // Each join is told to a whole room: more at once would only make each wait longer.
  private static final int AT_ONCE = 16;
  private static final int NO_MESSAGES = -1;

  private final TicketScripts scripts;
  private final Membership membership;
  private final Departures departures;
  private final int messages;
  private final int bytes;
  private final Pacer[] pacers;

  /**
   * @param messages how many of the newest a snapshot has at most
   * @param bytes what the messages of a snapshot take at most, about
   */
  Snapshots(
      Loops loops,
      TicketScripts scripts,
      Membership membership,
      Departures departures,
      int messages,
      int bytes) {
    this.scripts = scripts;
    this.membership = membership;
    this.departures = departures;
    this.messages = messages;
    this.bytes = bytes;
    this.pacers = loops.all().stream().map(loop -> new Pacer(AT_ONCE)).toArray(Pacer[]::new);
  }

  /**
   * The seat joins, for a client that says up to where it has the room's messages.
   *
   * @param epoch that of the position; "" where the client has nothing
   */
  Future<Snapshot> join(Seat seat, String epoch, long lastSeq) {
    return paced(seat, () -> fetch(seat, epoch, lastSeq, "", bytes));
  }

  /** The seat, which has been told the room's state before, joins again from where it is. */
  Future<Snapshot> rejoin(Seat seat) {
    return paced(seat, () -> rejoin(seat, bytes));
  }

  /** The same without messages, for a client that may have missed nothing. */
  Future<Snapshot> rejoinWithoutMessages(Seat seat) {
    return paced(seat, () -> rejoin(seat, NO_MESSAGES));
  }

  /** The same without waiting for others' turn, where somebody waits for the outcome. */
  Future<Snapshot> rejoinAtOnce(Seat seat) {
    return rejoin(seat, NO_MESSAGES);
  }

  private Future<Snapshot> paced(Seat seat, Supplier<Future<Snapshot>> fetch) {
    return pacers[seat.session().loop().index()].run(fetch);
  }

  private Future<Snapshot> rejoin(Seat seat, int messageBytes) {
    return seat.epoch() == null
        ? fetch(seat, "", 0, "", messageBytes)
        : fetch(seat, seat.epoch(), seat.seq(), seat.rev(), messageBytes);
  }

  /**
   * @param rev up to which the seat has been told; "" where the position is what a client says
   * @param messageBytes room for messages
   */
  private Future<Snapshot> fetch(
      Seat seat, String epoch, long lastSeq, Object rev, int messageBytes) {
    Session session = seat.session();
    return membership
        .ready(session.loop())
        .compose(ready -> call(seat, epoch, lastSeq, rev, messageBytes))
        .compose(reply -> {
          if (reply.at(0).text().equals("forbidden")) {
            throw ChatException.forbiddenTicket();
          }
          departures.taken(reply.at(11).number());
          if (leavesIfGone(seat)) {
            throw ChatException.unavailable(); // nobody is there to hear it
          }
          // The room was started anew while this was on its way.
          if (seat.takeStale()) {
            seat.markUntold();
            return fetch(seat, epoch, lastSeq, rev, messageBytes);
          }
          return Future.succeededFuture(new Snapshot(seat.ticketId(), lastSeq, reply));
        });
  }

  private Future<Reply> call(Seat seat, String epoch, long lastSeq, Object rev, int messageBytes) {
    Session session = seat.session();
    Principal who = session.principal();
    return scripts
        .call(
            session.loop().redis(),
            JOIN,
            seat.ticketId(),
            membership.member(session),
            who.userId(),
            who.userName(),
            who.admin() ? 1 : 0,
            who.issuedAt().toEpochMilli(),
            epoch,
            lastSeq,
            messages,
            scripts.generation(),
            rev,
            messageBytes,
            membership.formerMembers(session))
        .onFailure(unknown -> leavesIfGone(seat)); // it may be stored all the same
  }

  /** Whether the connection has ended or left meanwhile; what was stored since is taken out then. */
  private boolean leavesIfGone(Seat seat) {
    Session session = seat.session();
    if (session.seat(seat.ticketId()) != seat) {
      departures.leaveInTheEnd(seat);
      return true;
    }
    if (session.isClosed()) {
      departures.ended(seat);
      return true;
    }
    return false;
  }
}
