package dev.chatgateway.ticket;

import dev.chatgateway.auth.TicketAccess;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.relay.Relay;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import dev.chatgateway.session.Sessions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Who is in which room: joins with a snapshot that the live events continue without a hole, leaves,
 * and puts everyone back where the store has lost them.
 *
 * <p>Keys: {@code {t:<id>}:members}, hash of connection to user, and {@code user until} (ms) for one
 * that was sent away and is expected back; {@code …:users}, hash of user to {@code connections
 * is_admin name}; {@code …:followers}, set of the users who ever joined; {@code …:removed}, hash of
 * user to when they were put out. They live as the ticket does.
 */
public final class Rooms {
  private final Relay relay;
  private final TicketAccess access;
  private final TicketConfig config;
  private final LimitsConfig limits;
  private final Membership membership;
  private final Departures departures;
  private final BiConsumer<Session, String> follow;
  private final Snapshots snapshots;
  private final Seating seating;
  private final Map<String, Counter> joins = new HashMap<>();

  /**
   * @param pageBytes of the messages in one answer
   * @param follow called when a session has joined a ticket
   */
  public Rooms(
      Loops loops,
      TicketScripts scripts,
      Relay relay,
      TicketAccess access,
      TicketConfig config,
      LimitsConfig limits,
      int pageBytes,
      Sessions sessions,
      Membership membership,
      Departures departures,
      BiConsumer<Session, String> follow,
      MeterRegistry registry) {
    this.relay = relay;
    this.access = access;
    this.config = config;
    this.limits = limits;
    this.membership = membership;
    this.departures = departures;
    this.follow = follow;
    this.snapshots =
        new Snapshots(loops, scripts, membership, departures, config.page(), pageBytes);
    this.seating = new Seating(snapshots, scripts, membership, pageBytes, this::putOut);
    for (String outcome : List.of("fresh", "recovered", "not_recovered")) {
      joins.put(
          outcome,
          Counter.builder("chat.joins")
              .description("Joins of tickets, by whether a resume could be served whole")
              .tag("outcome", outcome)
              .register(registry));
    }
    relay.reseat(seating::reseat);
    sessions.onEnd(this::ended);
  }

  /**
   * A client enters a room, or asks for its state once more: {@code join_ticket_chat}. Whoever calls
   * has claimed a place for the answer.
   */
  public Future<byte[]> join(Session session, Fields data) {
    String ticketId = data.id("ticket_id");
    String epoch = data.optionalString("epoch", 64);
    long lastSeq = data.optionalLong("last_seq", 0, Long.MAX_VALUE >> 12, -1);
    if ((epoch == null) != (lastSeq < 0)) {
      throw ChatException.badRequest(
          data.path(epoch == null ? "epoch" : "last_seq"), "is required to resume");
    }
    requireAccess(session, ticketId);
    Seat known = session.seat(ticketId);
    if (known == null && session.seats().length >= limits.roomsPerConnection()) {
      throw new ChatException(
          ErrorCode.TOO_LARGE,
          "more than " + limits.roomsPerConnection() + " tickets joined; leave one first");
    }
    // Another join's answer may be on its way, or the seat is being put back in the room.
    boolean overtakes = known != null && known.isSeating();
    Seat seat = known == null ? new Seat(session, ticketId) : known;
    int hold = seat.hold();
    String from = epoch == null ? "" : epoch;
    return enter(seat, known == null)
        .compose(entered -> snapshots.join(seat, from, Math.max(0, lastSeq)))
        .map(snapshot -> joined(seat, snapshot, lastSeq >= 0, hold))
        .onFailure(failure -> giveUp(seat, known == null, overtakes));
  }

  private Future<Void> enter(Seat seat, boolean isNew) {
    if (!isNew) {
      return Future.succeededFuture();
    }
    seat.session().addSeat(seat);
    Promise<Void> entered = Promise.promise();
    relay.enter(seat).onComplete(done -> entered.tryComplete());
    seat.session()
        .loop()
        .after(config.joinTimeout().toMillis(), () -> entered.tryFail(ChatException.unavailable()));
    return entered.future();
  }

  /** The data for the client; what has happened since follows once it has been sent. */
  private byte[] joined(Seat seat, Snapshot snapshot, boolean resuming, int hold) {
    seat.session().loop().executor().execute(() -> {
      if (!seat.isLatest(hold)) {
        return; // the client has asked for a later one already
      }
      seat.session().attempt("a join", () -> seating.seated(seat, snapshot));
      if (seat.takeStale()) {
        seating.reseat(seat, true); // the room was started anew since
      }
    });
    joins
        .get(snapshot.recovered() ? "recovered" : resuming ? "not_recovered" : "fresh")
        .increment();
    follow.accept(seat.session(), seat.ticketId());
    return snapshot.json();
  }

  private void giveUp(Seat seat, boolean wasNew, boolean overtook) {
    if (wasNew) {
      vacate(seat);
      departures.leaveInTheEnd(seat); // it may have been stored although no answer came
    } else {
      seating.goOn(seat);
      if (seat.takeStale() || overtook) {
        seating.reseat(seat, true);
      }
    }
  }

  /** A client leaves a room: {@code leave_ticket_chat}. */
  public Future<byte[]> leave(Session session, Fields data) {
    Seat seat = requireSeat(session, data.id("ticket_id"));
    return departures.leave(seat).map(left -> {
      vacate(seat);
      return left(seat.ticketId(), null);
    });
  }

  /**
   * The seat of a session that may act in that ticket.
   *
   * @throws ChatException {@code forbidden} or {@code not_joined}
   */
  public Seat requireSeat(Session session, String ticketId) {
    requireAccess(session, ticketId);
    Seat seat = session.seat(ticketId);
    if (seat == null) {
      throw notJoined();
    }
    return seat;
  }

  static ChatException notJoined() {
    return new ChatException(ErrorCode.NOT_JOINED, "join the ticket first");
  }

  private void requireAccess(Session session, String ticketId) {
    if (!access.mayEnter(session.principal(), ticketId)) {
      throw ChatException.forbiddenTicket();
    }
  }

  /**
   * Runs a script for a seated session; should the store not know the session any more (it was
   * emptied, or this pod was swept), puts it back and tries once more. The client is still in the room
   * if the store has lost the session again by then: it may try again.
   *
   * @param script makes the call; its answer's first element may be {@code not_joined}
   */
  public Future<Reply> asMember(Seat seat, Function<String, Future<Reply>> script) {
    Session session = seat.session();
    return membership
        .ready(session.loop())
        .compose(ready -> script.apply(membership.member(session)))
        .compose(reply -> isNotJoined(reply)
            ? snapshots.rejoinAtOnce(seat).compose(back -> script.apply(membership.member(session)))
            : Future.succeededFuture(reply))
        .map(reply -> {
          if (isNotJoined(reply)) {
            throw session.seat(seat.ticketId()) == seat ? ChatException.unavailable() : notJoined();
          }
          return reply;
        });
  }

  private static boolean isNotJoined(Reply reply) {
    return reply.size() == 1 && "not_joined".equals(reply.at(0).text());
  }

  /**
   * The session has a newer token: it leaves what it may be in no longer, and hears what it missed
   * where the one before had ended.
   */
  public void tokenChanged(Session session) {
    for (Seat seat : session.seats()) {
      if (!access.mayEnter(session.principal(), seat.ticketId())) {
        departures.leaveInTheEnd(seat);
        putOut(seat, "forbidden");
      } else if (seat.takeMissed()) {
        seating.reseat(seat, true);
      }
    }
  }

  /** Takes a session out of a room and tells it why. On its loop. */
  public void putOut(Seat seat, String reason) {
    vacate(seat);
    seat.session().send(new ServerEvent("left_ticket_chat", left(seat.ticketId(), reason)));
  }

  private void vacate(Seat seat) {
    relay.leave(seat);
    seat.session().removeSeat(seat);
  }

  private void ended(Session session) {
    for (Seat seat : session.seats()) {
      departures.ended(seat); // first: what it has to do with the ticket outlasts the seat
      relay.leave(seat);
    }
  }

  private static byte[] left(String ticketId, String reason) {
    JsonWriter json = new JsonWriter().beginObject().idField("ticket_id", ticketId);
    if (reason != null) {
      json.field("reason", reason);
    }
    return json.endObject().toBytes();
  }
}
