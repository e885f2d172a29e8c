package dev.chatgateway.relay;

import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.session.RoomEvent;
import dev.chatgateway.session.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Who of one loop sits in which room. Touched on that loop only. */
final class LocalRooms {
  private static final int MAX_WAITING = 1000;

  private final Map<String, List<Seat>> rooms = new HashMap<>();

  void add(Seat seat) {
    rooms.computeIfAbsent(seat.ticketId(), ticket -> new ArrayList<>(1)).add(seat);
  }

  /** Returns whether the seat was there. */
  boolean remove(Seat seat) {
    List<Seat> seats = rooms.get(seat.ticketId());
    if (seats == null || !seats.remove(seat)) {
      return false;
    }
    if (seats.isEmpty()) {
      rooms.remove(seat.ticketId());
    }
    return true;
  }

  void deliver(String ticketId, RoomEvent event) {
    forEach(ticketId, seat -> {
      // Should one fail, the others hear it all the same, and it does when it is back.
      seat.session().attempt("an event of a room", () -> seat.offer(event));
      if (seat.waiting() > MAX_WAITING) {
        seat.session().close(CloseCode.TOO_SLOW);
      }
    });
  }

  void forEach(String ticketId, Consumer<Seat> action) {
    List<Seat> seats = rooms.get(ticketId);
    if (seats == null) {
      return;
    }
    // From the end: a seat that is given up meanwhile must not make another be passed over.
    for (int i = seats.size() - 1; i >= 0; i--) {
      if (i < seats.size()) {
        action.accept(seats.get(i));
      }
    }
  }

  /** All seats of the loop, as they are now. */
  List<Seat> all() {
    List<Seat> all = new ArrayList<>();
    rooms.values().forEach(all::addAll);
    return all;
  }
}
