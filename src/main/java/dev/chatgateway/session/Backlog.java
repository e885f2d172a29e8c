package dev.chatgateway.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a seat has heard of its room and has not told its client yet, while the client is behind the
 * room. Messages are kept while the store is being read, and only a few: the others are in the store.
 * A status waits until it is known whether the client has the message. On the session's loop only.
 */
final class Backlog {
  private static final int MAX_MESSAGES = 64;
  private static final int MAX_TOLD = 64;

  /**
   * Up to which seq the client has messages with the status they had at that rev.
   */
  private record Told(long seq, long rev) {}

  private record Late(Broadcast broadcast, long rev) {}

  private List<RoomEvent> events = new ArrayList<>(0);
  private final List<Told> told = new ArrayList<>(1);
  private final Map<String, Late> late = new LinkedHashMap<>(0);
  private int messages;
  private String droppedEpoch;
  private long droppedSeq;
  private boolean reading;

  /** Whether the store is being read: then all events are kept. */
  boolean isReading() {
    return reading;
  }

  void startReading() {
    reading = true;
  }

  /** Keeps an event while the store is being read. */
  void keep(RoomEvent event) {
    if (event.isMessage() && messages >= MAX_MESSAGES) {
      drop(event);
      return;
    }
    messages += event.isMessage() ? 1 : 0;
    event.retain();
    events.add(event);
  }

  /** Remembers that there is such a message in the store, after what has been read. */
  void drop(RoomEvent message) {
    boolean sameEpoch = message.epoch().equals(droppedEpoch);
    droppedSeq = sameEpoch ? Math.max(droppedSeq, message.seq()) : message.seq();
    droppedEpoch = message.epoch();
  }

  /** Whether there are messages in the store after that one, which are not kept here. */
  boolean hasDropped(String epoch, long after) {
    return epoch != null && epoch.equals(droppedEpoch) && droppedSeq > after;
  }

  /** How many events are kept. */
  int size() {
    return events.size();
  }

  /** Whether all that is kept is such. */
  boolean allKept(Predicate<RoomEvent> such) {
    return events.stream().allMatch(such);
  }

  /** The bytes of the messages kept that come after that one. */
  long messageBytes(long after) {
    long bytes = 0;
    for (RoomEvent event : events) {
      if (event.isMessage() && event.seq() > after) {
        for (Broadcast broadcast : event.broadcasts()) {
          bytes += Session.size(broadcast.event());
        }
      }
    }
    return bytes;
  }

  /** The store has been read: gives what was kept meanwhile, for the caller to release. */
  List<RoomEvent> stopReading() {
    List<RoomEvent> kept = events;
    events = new ArrayList<>(0);
    messages = 0;
    reading = false;
    return kept;
  }

  /** The client has been sent all messages up to that one, as of that rev. */
  void told(long seq, long rev) {
    if (told.size() == MAX_TOLD) {
      told.remove(0); // no room hears of its events that late
    }
    told.add(new Told(seq, rev));
  }

  /** Keeps what an event says of messages; of each message the last. */
  void keepStatus(RoomEvent event) {
    for (Broadcast broadcast : event.broadcasts()) {
      broadcast.retain();
      Late before = late.put(broadcast.messageId(), new Late(broadcast, event.rev()));
      if (before != null) {
        before.broadcast.release();
      }
    }
  }

  /** Messages of which there is something to tell, at most that many. */
  List<String> lateIds(int max) {
    List<String> ids = new ArrayList<>(Math.min(max, late.size()));
    for (Iterator<String> all = late.keySet().iterator(); all.hasNext() && ids.size() < max; ) {
      ids.add(all.next());
    }
    return ids;
  }

  boolean hasLate() {
    return !late.isEmpty();
  }

  int late() {
    return late.size();
  }

  /**
   * Gives what there is to tell of a message, for the caller to release, and forgets it; null where the
   * client has it from the message itself, or will.
   *
   * @param at the message's seq
   * @param upTo the last seq that the client has
   */
  Broadcast takeLate(String messageId, long at, long upTo) {
    Late one = late.remove(messageId);
    if (one == null) {
      return null;
    }
    if (at > 0 && at <= upTo && one.rev > toldRev(at)) {
      return one.broadcast;
    }
    one.broadcast.release();
    return null;
  }

  private long toldRev(long seq) {
    for (Told one : told) {
      if (seq <= one.seq) {
        return one.rev;
      }
    }
    return 0;
  }

  /** Frees everything. */
  void clear() {
    stopReading().forEach(RoomEvent::release);
    late.values().forEach(one -> one.broadcast.release());
    late.clear();
    told.clear();
  }
}
