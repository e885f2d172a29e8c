package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a worker has of a ticket, over all its connections: where it is, and its messages. */
final class Place {
  final String ticket;
  private final List<Message> view = new ArrayList<>();
  private final Map<String, Integer> at = new HashMap<>();
  private String epoch;
  private long seq;
  private long marked;
  private long before;
  private boolean seated;
  private boolean out;
  private boolean over;

  Place(String ticket) {
    this.ticket = ticket;
  }

  /** It is not to be joined any more. */
  void end() {
    over = true;
    seated = false;
  }

  boolean isOver() {
    return over;
  }

  String epoch() {
    return epoch;
  }

  long seq() {
    return seq;
  }

  /** Whether the connection there is now has joined. */
  boolean seated() {
    return seated;
  }

  /** The connection is gone, or was put out. */
  void leave() {
    seated = false;
    out = false;
  }

  /** The worker leaves, and hears the room until that is done, but takes no part. */
  void stepOut() {
    seated = false;
    out = true;
  }

  void comeBack() {
    out = false;
  }

  /**
   * Up to which seq it had messages when it last joined. What became of their status in between, a
   * client has to ask for; that of later ones it is told.
   */
  long before() {
    return before;
  }

  List<Message> view() {
    return view;
  }

  /** Takes the answer to a join, or one that was not asked for. */
  void joined(Result.Joined joined) {
    if (!joined.recovered()) {
      view.clear();
      at.clear();
      seq = 0;
      marked = 0;
    }
    before = seq;
    epoch = joined.epoch();
    joined.messages().forEach(this::add);
    seq = joined.seq();
    seated = !out && !over;
  }

  /** The ids of the last messages, at most that many. */
  List<String> latest(int count) {
    return view.subList(Math.max(0, view.size() - count), view.size()).stream()
        .map(Message::id)
        .toList();
  }

  /** Takes a message, unless it has its seq. */
  void message(String ofEpoch, Message message) {
    if (ofEpoch.equals(epoch)) {
      add(message);
    }
  }

  private void add(Message message) {
    if (message.seq() > seq) {
      at.put(message.id(), view.size());
      view.add(message);
      seq = message.seq();
    }
  }

  void status(String id, String status) {
    Integer index = at.get(id);
    if (index != null) {
      Message before = view.get(index);
      view.set(
          index, new Message(before.id(), before.seq(), before.user(), before.client(), status));
    }
  }

  /** Whether there are messages that were not marked yet; they count as marked from now on. */
  boolean turnToMark() {
    if (!seated || seq <= marked) {
      return false;
    }
    marked = seq;
    return true;
  }
}
