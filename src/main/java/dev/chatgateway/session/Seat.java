package dev.chatgateway.session;

import java.util.ArrayList;
import java.util.List;

/**
 * A session's place in a ticket's room on this pod, and up to where the client has been told of it.
 * While the snapshot for the client is being fetched the seat is being taken: live events queue in
 * it, and those the snapshot doesn't cover follow it. Touched on the session's loop only.
 */
public final class Seat {
  private final Session session;
  private final String ticketId;
  private String epoch;
  private long seq;
  private long rev;
  private boolean stale;
  private boolean untold;
  private boolean missed;
  private int seating;
  private List<RoomEvent> waiting = new ArrayList<>(0);

  public Seat(Session session, String ticketId) {
    this.session = session;
    this.ticketId = ticketId;
  }

  public Session session() {
    return session;
  }

  public String ticketId() {
    return ticketId;
  }

  /** Whether the client has its snapshot and hears the room live. */
  public boolean isLive() {
    return waiting == null;
  }

  /** The epoch of the client's snapshot; null before the first. */
  public String epoch() {
    return epoch;
  }

  /** The seq up to which the client has been served. */
  public long seq() {
    return seq;
  }

  /** Up to where the client knows of everything that is not a message. */
  public long rev() {
    return rev;
  }

  /**
   * Back to queueing, until the next {@link #goLive}. Gives a number: of several that fetch a snapshot
   * at once only the one with the latest may serve the client with it, or it would be served an
   * earlier state after a later one.
   */
  public int hold() {
    if (waiting == null) {
      waiting = new ArrayList<>(0);
    }
    return ++seating;
  }

  /** Whether nobody has called {@link #hold} since it gave that number. */
  public boolean isLatest(int hold) {
    return hold == seating;
  }

  /** A snapshot asked for before now no longer counts; whoever asked must ask again. */
  public void markStale() {
    stale = true;
  }

  /** Whether the snapshot that came is of before the last {@link #markStale}; forgets that. */
  public boolean takeStale() {
    boolean was = stale;
    stale = false;
    return was;
  }

  /** The relay has gone on without telling what was missed: the client needs the next snapshot. */
  public void markUntold() {
    untold = true;
  }

  /** Whether the client needs the snapshot that has come. */
  public boolean isUntold() {
    return untold;
  }

  /** Whether the client was kept from hearing something, as its token was over; forgets that. */
  public boolean takeMissed() {
    boolean was = missed;
    missed = false;
    return was;
  }

  /**
   * Hands over an event of the room, in the room's order. From the first that the client may not hear
   * on, it hears none until {@link #takeMissed}: there would be a hole.
   */
  public void offer(RoomEvent event) {
    missed |= session.isTokenOver();
    if (waiting == null && !missed) {
      deliver(event);
    } else if (event.action() != null) {
      // At once: nobody knows yet whether the snapshot on its way is of before. A client that is
      // put out for nothing is refused the snapshot, and asks once more.
      event.action().accept(this);
    } else if (!missed) {
      event.retain();
      waiting.add(event);
    }
  }

  /** How many events wait for the snapshot. */
  public int waiting() {
    return waiting == null ? 0 : waiting.size();
  }

  /** The client has just been sent the snapshot of that position: all after it follows. */
  public void goLive(String snapshotEpoch, long snapshotSeq, long snapshotRev) {
    epoch = snapshotEpoch;
    seq = snapshotSeq;
    rev = snapshotRev;
    untold = false;
    List<RoomEvent> queued = waiting;
    waiting = null;
    if (queued != null) {
      for (RoomEvent event : queued) {
        deliver(event);
        event.release();
      }
    }
  }

  /** Frees what still waits. */
  public void discard() {
    if (waiting != null) {
      waiting.forEach(RoomEvent::release);
      waiting = new ArrayList<>(0);
    }
  }

  private void deliver(RoomEvent event) {
    if (!event.epoch().equals(epoch)) {
      return; // the room is being started anew for this client
    }
    // Either counter tells what the snapshot already showed: seq for messages, rev for the rest.
    if (event.isMessage()) {
      if (event.seq() <= seq) {
        return;
      }
      seq = event.seq();
    } else if (event.rev() <= rev) {
      return;
    } else {
      rev = event.rev();
    }
    String exceptUser = event.exceptUser();
    if (exceptUser == null || !session.isUser(exceptUser)) {
      event.broadcasts().forEach(session::deliver);
    }
    if (event.action() != null) {
      event.action().accept(this);
    }
  }
}
