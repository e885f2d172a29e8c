package dev.chatgateway.session;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a ticket's room hears at once, with its place in the room's order. Messages are numbered by
 * {@code seq}; everything else by {@code rev}.
 *
 * @param isMessage whether {@code seq} or {@code rev} is this event's own number
 * @param exceptUser the user whose connections don't get it; null where all do
 * @param broadcasts what is sent: usually one, several where one mark moves several messages
 * @param action what is done with each seat besides, on the seat's loop; null for nothing. A seat
 *     whose snapshot is of after the event is spared
 */
public record RoomEvent(
    String epoch,
    long seq,
    long rev,
    boolean isMessage,
    String exceptUser,
    List<Broadcast> broadcasts,
    Consumer<Seat> action) {

  /** One that is only told. */
  public RoomEvent(
      String epoch,
      long seq,
      long rev,
      boolean isMessage,
      String exceptUser,
      List<Broadcast> broadcasts) {
    this(epoch, seq, rev, isMessage, exceptUser, broadcasts, null);
  }

  /** Whether it tells what has become of messages. */
  boolean isStatus() {
    return !broadcasts.isEmpty() && broadcasts.get(0).messageId() != null;
  }

  /** Keeps the encodings for another holder. */
  public void retain() {
    broadcasts.forEach(Broadcast::retain);
  }

  /** One holder is done with the encodings. */
  public void release() {
    broadcasts.forEach(Broadcast::release);
  }
}
