package dev.chatgateway.ticket;

import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.Retries;
import dev.chatgateway.session.Retry;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Takes connections out of rooms. One that was sent away and is expected back keeps its place for a
 * while, in which its user may take it again by another connection without the room hearing of it.
 * Afterwards this pod takes it out or, where this pod is gone, whoever sweeps after it: a ticket is
 * to stay in the pod's index for as long as a place is kept in it.
 */
public final class Departures {
  private static final LuaScript LEAVE = LuaScript.load("ticket/leave");
  private static final LuaScript LINGER = LuaScript.load("ticket/linger");

  private final TicketScripts scripts;
  private final Membership membership;
  private final long graceNanos;
  private final Retries<Place> leaving = new Retries<>();
  private final Map<String, Integer> kept = new ConcurrentHashMap<>();
  private final Counter back;
  private final Counter left;
  private Consumer<String> onKeptNoMore = ticketId -> {};

  /**
   * @param grace for how long a place is kept; none is where that is zero
   */
  public Departures(
      TicketScripts scripts, Membership membership, Duration grace, MeterRegistry registry) {
    this.scripts = scripts;
    this.membership = membership;
    this.graceNanos = grace.toNanos();
    this.back = counter("back", registry);
    this.left = counter("left", registry);
  }

  private static Counter counter(String outcome, MeterRegistry registry) {
    return Counter.builder("chat.places.kept")
        .description(
            "Places in rooms kept for who was sent away, by whether they came back in time")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** What is to be done, on whichever loop, when no place is kept in a ticket any more. */
  public void onKeptNoMore(Consumer<String> action) {
    onKeptNoMore = action;
  }

  /** The connection leaves that room now. */
  Future<Reply> leave(Seat seat) {
    return leave(seat, new LinkedHashSet<>());
  }

  /** The connection leaves that room, now or when the store is in reach again. */
  void leaveInTheEnd(Seat seat) {
    Set<String> members = new LinkedHashSet<>();
    leaving.untilDone(
        seat.session().loop(),
        new Place(seat.session(), seat.ticketId()),
        () -> leave(seat, members));
  }

  private record Place(Session session, String ticketId) {}

  private Future<Reply> leave(Seat seat, Set<String> members) {
    Seat now = seat.session().seat(seat.ticketId());
    return now != null && now != seat
        ? Future.succeededFuture() // it has joined again, under the same name
        : takeOut(seat, members);
  }

  /**
   * @param members what the connection was at earlier tries: the pod may begin anew between two
   */
  private Future<Reply> takeOut(Seat seat, Set<String> members) {
    Session session = seat.session();
    members.addAll(membership.allMembers(session));
    return scripts.call(
        session.loop().redis(), LEAVE, seat.ticketId(), session.principal().userId(), members);
  }

  /** The session has ended: it leaves that room, at once or when its user is not back in time. */
  void ended(Seat seat) {
    if (!seat.session().isExpectedBack() || graceNanos == 0) {
      leaveInTheEnd(seat);
      return;
    }
    String member = membership.member(seat.session());
    Set<String> members = new LinkedHashSet<>(List.of(member));
    kept.merge(seat.ticketId(), 1, Integer::sum);
    long end = System.nanoTime() + graceNanos;
    Retry.untilDone(seat.session().loop(), () -> linger(seat, member, end));
    seat.session()
        .loop()
        .after(
            graceNanos / 1_000_000,
            () -> Retry.untilDone(seat.session().loop(), () -> leaveLate(seat, members)));
  }

  private Future<Reply> linger(Seat seat, String member, long end) {
    Session session = seat.session();
    long leftMs = (end - System.nanoTime()) / 1_000_000;
    return leftMs > 0
        ? scripts.call(
            session.loop().redis(),
            LINGER,
            seat.ticketId(),
            member,
            session.principal().userId(),
            leftMs)
        : Future.succeededFuture(); // the store was away for too long
  }

  private Future<Reply> leaveLate(Seat seat, Set<String> members) {
    return takeOut(seat, members).onSuccess(was -> {
      left.increment(was.number());
      keptNoMore(seat.ticketId());
    });
  }

  private void keptNoMore(String ticketId) {
    if (kept.computeIfPresent(ticketId, (id, places) -> places == 1 ? null : places - 1) == null) {
      onKeptNoMore.accept(ticketId);
    }
  }

  /** A join has taken so many places that were kept, one or none. */
  void taken(long places) {
    back.increment(places);
  }

  /** Those tickets in which no place is kept. May be called from anywhere. */
  public List<String> withoutKept(Collection<String> tickets) {
    return tickets.stream().filter(ticket -> !kept.containsKey(ticket)).toList();
  }
}
