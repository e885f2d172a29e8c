package dev.chatgateway.relay;

import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Seat;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Makes of what a room's channel brings, which may have holes, come twice or be forged, what the
 * room hears: everything once and in order. What doesn't follow is held until what came before it
 * has been read from the store. (The pattern is the Resequencer of Hohpe and Woolf's <i>Enterprise
 * Integration Patterns</i>.)
 *
 * <p>Owns a room's position, what it holds, and who waits for it to be live. On the main loop only.
 */
final class Resequencer {
  private static final Logger LOG = Logger.getLogger(Resequencer.class);
  private static final long COMPLAINTS_APART_NANOS = 60_000_000_000L;
  private static final long READ_AGAIN_MS = 250;

  private final Loop main;
  private final Healer healer;
  private final int heldEvents;
  private final RelayMetrics metrics;
  private final BiConsumer<Room, Envelope> deliver;
  private final Consumer<Room> startedAnew;

  /**
   * @param heldEvents how many a room holds; what is more will be read from the store
   * @param deliver gets what is next in a room, and advances the room
   * @param startedAnew told of a room whose earlier position no longer counts, before anything of
   *     its new state is delivered
   */
  Resequencer(
      Loop main,
      Healer healer,
      int heldEvents,
      RelayMetrics metrics,
      BiConsumer<Room, Envelope> deliver,
      Consumer<Room> startedAnew) {
    this.main = main;
    this.healer = healer;
    this.heldEvents = heldEvents;
    this.metrics = metrics;
    this.deliver = deliver;
    this.startedAnew = startedAnew;
  }

  /** Completes the promise when nothing of the room that is published from then on can be missed. */
  void whenLive(Room room, Seat seat, Promise<Void> live) {
    if (room.live) {
      live.complete();
    } else {
      room.waitingForPosition.put(seat, live);
    }
  }

  /** That seat, which may still wait for the room to be live, does so no longer. */
  void left(Room room, Seat seat) {
    room.waitingForPosition.remove(seat);
  }

  /** The room's channel is no longer heard: what comes is held until it has been {@link #heal}ed. */
  void interrupted(Room room) {
    room.live = false;
  }

  // --- envelopes

  /** What came through the room's channel. Whatever is in it, this returns normally. */
  void received(Room room, byte[] payload) {
    try {
      arrived(room, Envelope.parse(payload));
    } catch (RuntimeException e) {
      rejected(room, e);
    }
  }

  // Whoever renders says MalformedException to what is not well-formed. Anything else is a
  // defect, which must not harm the room, nor fill the log as often as somebody can publish.
  private void rejected(Room room, RuntimeException e) {
    metrics.rejected.increment();
    if (e instanceof MalformedException) {
      LOG.debugf("Dropped an envelope of ticket %s: %s", room.ticketId, e.getMessage());
      return;
    }
    long now = System.nanoTime();
    if (room.complainedNanos == 0 || now - room.complainedNanos > COMPLAINTS_APART_NANOS) {
      room.complainedNanos = now;
      LOG.errorf("Dropped envelopes of ticket %s that broke their renderer: %s", room.ticketId, e);
    }
  }

  private void arrived(Room room, Envelope envelope) {
    if (!room.live) {
      if (room.held.size() < heldEvents) {
        room.held.add(envelope);
      } else {
        room.overflowed = true; // they will be read from the store instead
      }
      return;
    }
    switch (room.judge(envelope)) {
      case DELIVER -> deliver.accept(room, envelope);
      case DROP -> {}
      case GAP, OTHER_STATE -> {
        room.held.add(envelope);
        heal(room);
      }
    }
  }

  // --- healing

  /**
   * Reads from the store what the room has missed, delivers it and what was held, and has the room
   * live again; tries until it succeeds. Where the room's channel is not heard yet, that has to be
   * asked for once more when it is.
   */
  void heal(Room room) {
    room.live = false;
    if (!room.isHeard()) {
      return; // to come with the acknowledgement
    }
    if (room.healing) {
      room.healAgain = true; // what is being read may be of before what is asked for now
      return;
    }
    room.healing = true;
    room.heldBeforeRead = room.held.size();
    healer.read(room).onComplete(read -> {
      boolean outdated = room.healAgain;
      room.healing = false;
      room.healAgain = false;
      if (room.dropped || !room.acknowledged) {
        return; // nobody needs it now, or it has to be read once more
      }
      if (outdated) {
        heal(room);
        return;
      }
      if (read.failed()) {
        LOG.debugf("Reading ticket %s failed: %s", room.ticketId, read.cause());
        main.after(READ_AGAIN_MS, () -> heal(room));
        return;
      }
      healed(room, read.result());
    });
  }

  private void healed(Room room, Healer.Missed missed) {
    if (missed.startedAnew()) {
      boolean sameState = missed.epoch().equals(room.epoch);
      (sameState ? metrics.missedTooMuch : metrics.wentBack).increment();
      LOG.debugf(
          "Ticket %s starts anew: %s",
          room.ticketId,
          sameState ? "more was missed than is kept" : "the store lost its state, or went back");
    } else if (!missed.envelopes().isEmpty()) {
      metrics.gapsHealed.increment();
      metrics.eventsHealed.increment(missed.envelopes().size());
      for (Envelope envelope : missed.envelopes()) {
        try {
          deliver.accept(room, envelope);
        } catch (RuntimeException e) {
          rejected(room, e);
        }
      }
    }
    room.epoch = missed.epoch();
    room.seq = missed.seq();
    room.rev = missed.rev();
    room.newestId = missed.newestId();
    room.newestAt = missed.newestAt();
    if (missed.startedAnew()) {
      startedAnew.accept(room);
    }
    if (missed.more()) {
      heal(room); // what is held comes after what is still to be read
      return;
    }
    room.live = true;
    boolean again = room.overflowed;
    room.overflowed = false;
    List<Envelope> held = List.copyOf(room.held);
    room.held.clear();
    for (int i = 0; i < held.size(); i++) {
      again |= !settle(room, held.get(i), i < room.heldBeforeRead);
    }
    // Before the store is read again, if it has to be: the room's position is known, and what
    // follows it is held or will be read. Somebody who publishes nonsense can make it be read for
    // ever.
    List<Promise<Void>> waiting = List.copyOf(room.waitingForPosition.values());
    room.waitingForPosition.clear();
    waiting.forEach(Promise::tryComplete);
    if (again) {
      heal(room);
    }
  }

  /**
   * Deals with an envelope that had to wait for the store to be read.
   *
   * @param older whether it was there before the reading began: then the store held it, and one that
   *     still doesn't fit is a forgery
   * @return false where the store must be read again
   */
  private boolean settle(Room room, Envelope envelope, boolean older) {
    try {
      switch (room.judge(envelope)) {
        case DELIVER -> deliver.accept(room, envelope);
        case DROP -> {}
        case GAP, OTHER_STATE -> {
          if (!older) {
            return false;
          }
          metrics.rejected.increment();
        }
      }
    } catch (RuntimeException e) {
      rejected(room, e);
    }
    return true;
  }
}
