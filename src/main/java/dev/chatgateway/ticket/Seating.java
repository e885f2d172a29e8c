package dev.chatgateway.ticket;

import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.Membership;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import io.vertx.core.AsyncResult;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Has seats go on once their clients have a snapshot, and puts seats in their rooms again where the
 * store has lost them or the room was started anew. Called on the seat's loop.
 */
final class Seating {
  private static final long AGAIN_MS = 500;

  private final Snapshots snapshots;
  private final Following following;
  private final int pageBytes;
  private final BiConsumer<Seat, String> putOut;

  /**
   * @param pageBytes of the messages in one answer
   * @param putOut takes a session out of a room, for that reason
   */
  Seating(
      Snapshots snapshots,
      TicketScripts scripts,
      Membership membership,
      int pageBytes,
      BiConsumer<Seat, String> putOut) {
    this.snapshots = snapshots;
    this.following = new Following(scripts, membership, pageBytes, seat -> reseat(seat, true));
    this.pageBytes = pageBytes;
    this.putOut = putOut;
  }

  /** The client has just been sent that snapshot. */
  void seated(Seat seat, Snapshot snapshot) {
    if (snapshot.more()) {
      seat.follow(snapshot.epoch(), snapshot.upTo(), snapshot.rev());
      following.start(seat);
    } else if (!seat.goLive(snapshot.epoch(), snapshot.newest(), snapshot.rev())) {
      following.start(seat);
    }
  }

  /** No snapshot comes, or the client needs none. */
  void goOn(Seat seat) {
    if (!seat.goOn()) {
      following.start(seat);
    }
  }

  /** Puts a seat in its room again; told where the client has to hear the room's state. */
  void reseat(Seat seat, boolean told) {
    if (hasGone(seat)) {
      return;
    }
    if (seat.isSeating()) {
      seat.markStale(); // whoever does it sees that it must be done again
    } else if (told) {
      tell(seat, seat.suspend());
    } else {
      reseatNow(seat, seat.hold());
    }
  }

  private static boolean hasGone(Seat seat) {
    return session(seat).isClosed() || session(seat).seat(seat.ticketId()) != seat;
  }

  /** Tells the client the room's state, which it did not ask for, when it has room for it. */
  private void tell(Seat seat, int turn) {
    session(seat).outlet().claim(pageBytes).onSuccess(claim -> {
      if (hasGone(seat) || !seat.isLatest(turn)) {
        claim.settle(0);
        return;
      }
      seat.startReading();
      snapshots.rejoin(seat).onComplete(done -> {
        try {
          rejoined(seat, turn, done, () -> tell(seat, turn), snapshot -> {
            ServerEvent event = new ServerEvent("joined_ticket_chat", snapshot.json());
            session(seat).sendClaimed(event);
            claim.settle(Session.size(event));
            seated(seat, snapshot);
          });
        } finally {
          claim.settle(0);
          if (seat.isSeating() && seat.isLatest(turn)) {
            seat.readInVain();
          }
        }
      });
    });
  }

  private void reseatNow(Seat seat, int turn) {
    snapshots
        .rejoinWithoutMessages(seat)
        .onComplete(done -> rejoined(seat, turn, done, () -> reseatNow(seat, turn), snapshot -> {
          if (!seat.isUntold() && snapshot.recovered() && snapshot.epoch().equals(seat.epoch())) {
            goOn(seat); // the relay has what is missing
          } else {
            seat.readInVain();
            tell(seat, turn);
          }
        }));
  }

  private void rejoined(
      Seat seat, int turn, AsyncResult<Snapshot> done, Runnable again, Consumer<Snapshot> then) {
    if (hasGone(seat) || !seat.isLatest(turn)) {
      return;
    }
    if (done.succeeded() && !session(seat).isTokenOver()) {
      session(seat).attempt("a join", () -> then.accept(done.result()));
    } else if (done.cause() instanceof ChatException problem
        && problem.code() == ErrorCode.FORBIDDEN) {
      putOut.accept(seat, "removed");
    } else {
      session(seat).loop().after(AGAIN_MS, () -> {
        if (!hasGone(seat) && seat.isLatest(turn)) {
          again.run();
        }
      });
    }
  }

  private static Session session(Seat seat) {
    return seat.session();
  }
}
