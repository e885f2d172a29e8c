package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A ticket of the simulated gateway. */
final class SimulatedRoom {
  /** One device of a user. */
  static final class Client {
    final String worker;
    final String user;
    String conn;
    String pod;
    /** Ticket to the place in it. */
    final Map<String, long[]> places = new LinkedHashMap<>();

    final Map<String, String> epochs = new LinkedHashMap<>();

    Client(String worker, String user) {
      this.worker = worker;
      this.user = user;
    }
  }

  final String ticket;
  String epoch = "e1";
  /** The store went back: what has the same number is another message. */
  boolean again;

  final List<Message> log = new ArrayList<>();
  final List<Client> members = new ArrayList<>();
  final Map<String, Long> read = new TreeMap<>();
  final TreeSet<String> typing = new TreeSet<>();

  SimulatedRoom(String ticket) {
    this.ticket = ticket;
  }

  long seq() {
    return log.size();
  }

  boolean holds(String user) {
    return members.stream().anyMatch(client -> client.user.equals(user));
  }

  List<String> users() {
    return members.stream().map(client -> client.user).distinct().toList();
  }

  Result.Accepted store(String key, String user) {
    long seq = seq() + 1;
    String id = ticket + "." + epoch + "-" + seq + (again ? "-again" : "");
    log.add(new Message(id, seq, user, key, "sent"));
    return new Result.Accepted(id, epoch, seq, false);
  }

  /** Returns the ids of those that move. */
  List<String> mark(String user, long upTo, String status) {
    List<String> moved = new ArrayList<>();
    log.replaceAll(it -> {
      boolean moves = it.seq() <= upTo
          && !it.user().equals(user)
          && Status.rank(it.status()) < Status.rank(status);
      if (moves) {
        moved.add(it.id());
      }
      return moves ? new Message(it.id(), it.seq(), it.user(), it.client(), status) : it;
    });
    if (status.equals("read")) {
      read.put(user, upTo);
    }
    return moved;
  }

  long unread(String user) {
    return log.stream()
        .filter(it -> !it.user().equals(user) && it.seq() > read.getOrDefault(user, 0L))
        .count();
  }
}
