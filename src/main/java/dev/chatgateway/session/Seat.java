package dev.chatgateway.session;

import java.util.List;

/**
 * A session's place in a ticket's room on this pod, and up to where the client has been told of it. A
 * seat is live, or its client is behind the room: while a snapshot is being fetched, and while
 * messages of a long resume follow it. What happens meanwhile is in its {@link Backlog}. Touched on
 * the session's loop only.
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
  private int turn;
  // Whether a snapshot is awaited, after which the client begins from there.
  private boolean seating = true;
  // Whether messages follow the snapshot that the client has.
  private boolean following;
  private Backlog backlog = new Backlog(); // null while live

  public Seat(Session session, String ticketId) {
    this.session = session;
    this.ticketId = ticketId;
    backlog.startReading();
  }

  public Session session() {
    return session;
  }

  public String ticketId() {
    return ticketId;
  }

  /** Whether the client has its snapshot and hears the room live. */
  public boolean isLive() {
    return backlog == null;
  }

  /** Whether a snapshot for the client is awaited. */
  public boolean isSeating() {
    return seating;
  }

  /** Whether messages follow the client's snapshot, and no other snapshot is awaited. */
  public boolean isFollowing() {
    return following && !seating;
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
   * Back to keeping what comes, until the next {@link #goLive} or {@link #follow}. Gives a number: of
   * several that fetch a snapshot at once only the one with the latest may serve the client with it,
   * or it would be served an earlier state after a later one.
   */
  public int hold() {
    int number = suspend();
    backlog.startReading();
    return number;
  }

  /**
   * As {@link #hold}, where the store is not being read yet: messages are left to be read from it, and
   * what may overtake them is told.
   */
  public int suspend() {
    if (backlog == null) {
      backlog = new Backlog();
      backlog.told(seq, rev);
    } else if (!seating && backlog.isReading()) {
      readInVain(); // what is being read comes too late
    }
    seating = true;
    return ++turn;
  }

  /** Whether nobody has called {@link #hold} or {@link #suspend} since it gave that number. */
  public boolean isLatest(int number) {
    return number == turn;
  }

  /** The number that was given last. */
  public int turn() {
    return turn;
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

  /** The client's token is over, and something was kept from it. */
  public void markMissed() {
    missed = true;
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
    if (backlog == null && !missed) {
      deliver(event);
    } else if (event.action() != null) {
      // At once: nobody knows yet whether the snapshot on its way is of before. A client that is
      // put out for nothing is refused the snapshot, and asks once more.
      event.action().accept(this);
    } else if (!missed && backlog.isReading()) {
      backlog.keep(event);
    } else if (!missed) {
      overtake(event);
    }
  }

  /** How many events wait for the store to be read. */
  public int waiting() {
    return backlog == null ? 0 : backlog.size();
  }

  /**
   * The client has just been sent the snapshot of that position: all after it follows.
   *
   * @return false where it can't go live, since not all that has happened since is kept: messages
   *     {@link #isFollowing follow} from the store
   */
  public boolean goLive(String snapshotEpoch, long snapshotSeq, long snapshotRev) {
    return seated(snapshotEpoch, snapshotSeq, snapshotRev, false);
  }

  /** The client has just been sent a snapshot which is not all: messages follow from the store. */
  public void follow(String snapshotEpoch, long snapshotSeq, long snapshotRev) {
    seated(snapshotEpoch, snapshotSeq, snapshotRev, true);
  }

  private boolean seated(String atEpoch, long atSeq, long atRev, boolean more) {
    epoch = atEpoch;
    seq = atSeq;
    rev = atRev;
    untold = false;
    seating = false;
    Backlog was = backlog;
    backlog = new Backlog();
    backlog.told(seq, rev);
    following = more || (was != null && was.hasDropped(epoch, seq));
    if (was != null) {
      List<RoomEvent> kept = was.stopReading();
      was.clear();
      resume(kept);
    } else if (!following) {
      backlog = null;
    }
    return !following;
  }

  /**
   * No snapshot comes, or the client needs none: it goes on from where it is.
   *
   * @return whether it is live; else messages {@link #isFollowing follow} from the store
   */
  public boolean goOn() {
    seating = false;
    untold = false;
    following |= backlog.hasDropped(epoch, seq);
    resume(backlog.stopReading());
    return !following;
  }

  // With what was kept: told, where the seat is live now, or what may overtake of it.
  private void resume(List<RoomEvent> kept) {
    if (!following) {
      backlog = null;
    }
    for (RoomEvent event : kept) {
      if (backlog == null) {
        deliver(event);
      } else {
        overtake(event);
      }
      event.release();
    }
  }

  // --- while messages follow

  /** The store is being read: from now on all that comes is kept. */
  public void startReading() {
    backlog.startReading();
  }

  /** The store could not be read. */
  public void readInVain() {
    for (RoomEvent event : backlog.stopReading()) {
      overtake(event);
      event.release();
    }
  }

  /** Messages whose seq has to be known to tell what has become of them, at most that many. */
  public List<String> lateStatuses(int max) {
    return backlog.lateIds(max);
  }

  /** Whether there are more such messages than that. */
  public boolean hasLateStatuses(int more) {
    return backlog != null && backlog.late() > more;
  }

  /**
   * That message has that seq: tells what has become of it, where the client has it and does not know.
   *
   * @param at 0 where there is no such message
   */
  public void tellStatus(String messageId, long at) {
    Broadcast status = backlog.takeLate(messageId, at, seq);
    if (status != null) {
      session.deliver(status);
      status.release();
    }
  }

  /**
   * The client has just been sent the messages up to that one, as of that rev.
   *
   * @param newest the ticket's newest message at that time
   * @param patient whether to wait for what the room has yet to hear of before that rev
   * @return whether the seat is live now; else there is more to read
   */
  public boolean caughtUp(long upTo, long asOfRev, long newest, boolean patient) {
    long toldRev = rev;
    boolean all = upTo == newest
        && !backlog.hasDropped(epoch, upTo)
        && !backlog.hasLate()
        // Else a status that the messages had already would come after them.
        && (!patient || hasHeard(asOfRev))
        && backlog.allKept(
            event -> !event.isStatus() || event.rev() <= toldRev || event.rev() > asOfRev)
        && session.hasRoomFor(backlog.messageBytes(upTo));
    seq = upTo;
    backlog.told(upTo, asOfRev);
    following = !all;
    resume(backlog.stopReading());
    return all;
  }

  private boolean hasHeard(long asOfRev) {
    return rev >= asOfRev || !backlog.allKept(event -> event.isMessage() || event.rev() < asOfRev);
  }

  /** Tells what need not wait for the messages before it. */
  private void overtake(RoomEvent event) {
    if (event.isMessage()) {
      backlog.drop(event);
    } else if (event.epoch().equals(epoch) && event.rev() > rev) {
      rev = event.rev();
      if (event.isStatus()) {
        backlog.keepStatus(event);
      } else {
        tell(event);
      }
    }
  }

  /** Frees what still waits. */
  public void discard() {
    if (backlog != null) {
      backlog.clear();
      backlog = new Backlog();
      backlog.startReading();
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
    tell(event);
    if (event.action() != null) {
      event.action().accept(this);
    }
  }

  private void tell(RoomEvent event) {
    String exceptUser = event.exceptUser();
    if (exceptUser == null || !session.isUser(exceptUser)) {
      event.broadcasts().forEach(session::deliver);
    }
  }
}
