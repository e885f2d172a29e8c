package dev.chatgateway.relay;

import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.RoomEvent;
import dev.chatgateway.session.Seat;
import dev.chatgateway.tracing.MessageSpan;
import dev.chatgateway.tracing.Tracing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way of an event from a room to the seats of this pod: rendered once, then handed to each loop
 * on which somebody sits in the room. Owns who sits where, for each loop what is touched on that
 * loop only; so a seat is added and removed on its own loop, and hears everything there.
 */
final class FanOut {
  private final Loops loops;
  private final Tracing tracing;
  private final LocalRooms[] localRooms;
  private final Map<Character, Renderer> renderers = new HashMap<>();

  FanOut(Loops loops, Tracing tracing) {
    this.loops = loops;
    this.tracing = tracing;
    this.localRooms = new LocalRooms[loops.all().size()];
    for (int i = 0; i < localRooms.length; i++) {
      localRooms[i] = new LocalRooms();
    }
  }

  /** Who renders envelopes of that kind. Call before there are any. */
  void render(char kind, Renderer renderer) {
    renderers.put(kind, renderer);
  }

  /** Has the seat hear its room from now on. On the seat's loop. */
  void add(Seat seat) {
    localRooms[seat.session().loop().index()].add(seat);
  }

  /** Returns whether the seat was there. On the seat's loop. */
  boolean remove(Seat seat) {
    return localRooms[seat.session().loop().index()].remove(seat);
  }

  /** Does something with each seat of a room, each on its own loop. May be called from anywhere. */
  void forEachSeat(String ticketId, Consumer<Seat> action) {
    for (Loop loop : loops.all()) {
      loop.run(() -> localRooms[loop.index()].forEach(ticketId, action));
    }
  }

  /** Does something with all seats, each on its own loop. May be called from anywhere. */
  void forEachSeat(Consumer<Seat> action) {
    for (Loop loop : loops.all()) {
      loop.run(() -> localRooms[loop.index()].all().forEach(action));
    }
  }

  /**
   * Tells the room what is in the envelope, and advances the room by it. On the main loop, in the
   * room's order; the seats hear it in that order.
   *
   * @throws RuntimeException where it could not be rendered; the room is then as it was
   */
  void deliver(Room room, Envelope envelope) {
    Renderer renderer = renderers.get(envelope.kind());
    if (renderer == null) {
      throw new MalformedException("unknown kind");
    }
    RoomEvent event = renderer.render(room.ticketId, envelope);
    room.advance(envelope);
    MessageSpan span = tracing.deliver(room.ticketId, envelope.seq(), envelope.traceparent());
    span.seats(room.seats());
    for (Loop loop : loops.all()) {
      if (room.seatsByLoop[loop.index()] > 0) {
        event.retain();
        span.retain();
        loop.run(() -> {
          try {
            localRooms[loop.index()].deliver(room.ticketId, event);
          } finally {
            event.release();
            span.release();
          }
        });
      }
    }
    event.release();
    span.release();
  }
}
