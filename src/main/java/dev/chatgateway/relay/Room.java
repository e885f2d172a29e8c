package dev.chatgateway.relay;

import dev.chatgateway.session.Seat;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * A ticket's room as this pod hears it: who here listens, and up to where the room has been told.
 * Touched on the relay's loop only.
 */
final class Room {
  /** What to do with an envelope that has come in. */
  enum Verdict {
    /** It is the next one. */
    DELIVER,
    /** The room has had it. */
    DROP,
    /** Something before it is missing. */
    GAP,
    /** The store has started the ticket anew, or gone back. */
    OTHER_STATE
  }

  final String ticketId;
  final int[] seatsByLoop;

  // Of the subscriptions.
  boolean indexed;
  boolean acknowledged;
  boolean dropped; // nobody was in it for so long that it is not listened to any more
  long emptySinceNanos;

  // Of the resequencer.
  final ArrayDeque<Envelope> held = new ArrayDeque<>(0);
  final Map<Seat, Promise<Void>> waitingForPosition = new HashMap<>(0);
  boolean live;
  boolean healing;
  boolean healAgain;
  boolean overflowed;
  int heldBeforeRead;
  long complainedNanos; // 0 before the first time

  // Null until the store has been asked; "", and all numbers 0, where it knows nothing of the
  // ticket.
  String epoch;
  long seq;
  long rev;
  // The id of message seq: another one at the same place means that the store went back.
  String newestId = "";
  // When event rev was, which tells the same of it; "" where that is not known.
  String newestAt = "";

  Room(String ticketId, int loops) {
    this.ticketId = ticketId;
    this.seatsByLoop = new int[loops];
  }

  boolean isEmpty() {
    return seats() == 0;
  }

  /** Whether this pod listens to it, and the store knows so. */
  boolean isHeard() {
    return acknowledged && indexed;
  }

  /** How many seats of this pod are in the room. */
  int seats() {
    int all = 0;
    for (int seats : seatsByLoop) {
      all += seats;
    }
    return all;
  }

  Verdict judge(Envelope envelope) {
    if (epoch.isEmpty()) {
      // The ticket has come to be since: it is heard from its beginning.
      epoch = envelope.epoch();
    }
    if (!envelope.epoch().equals(epoch)) {
      return Verdict.OTHER_STATE;
    }
    if (envelope.isMessage()) {
      if (envelope.seq() <= seq) {
        boolean sameMessage = envelope.seq() < seq || envelope.arg(0).equals(newestId);
        return sameMessage ? Verdict.DROP : Verdict.OTHER_STATE;
      }
      return envelope.seq() == seq + 1 && envelope.rev() <= rev ? Verdict.DELIVER : Verdict.GAP;
    }
    if (envelope.rev() <= rev) {
      boolean sameEvent =
          envelope.rev() < rev || newestAt.isEmpty() || envelope.arg(0).equals(newestAt);
      return sameEvent ? Verdict.DROP : Verdict.OTHER_STATE;
    }
    return envelope.rev() == rev + 1 && envelope.seq() <= seq ? Verdict.DELIVER : Verdict.GAP;
  }

  /** The room has been told that the ticket is no more; there may be another of its name. */
  private void forget() {
    epoch = "";
    seq = 0;
    rev = 0;
    newestId = "";
    newestAt = "";
  }

  /** The room has been told that. */
  void advance(Envelope envelope) {
    if (envelope.kind() == Envelope.FORGOTTEN) {
      forget();
      return;
    }
    if (envelope.isMessage()) {
      seq = envelope.seq();
      newestId = envelope.arg(0);
    } else {
      rev = envelope.rev();
      newestAt = envelope.arg(0);
    }
  }
}
