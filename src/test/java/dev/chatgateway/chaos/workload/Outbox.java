package dev.chatgateway.chaos.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages that have not been accepted yet, by their {@code client_id}. */
final class Outbox {
  private static final int ROOM = 8;

  private final Map<String, Outgoing> all = new LinkedHashMap<>();

  static final class Outgoing {
    final String ticket;
    final String clientId;
    final String text;
    boolean underWay;

    private Outgoing(String ticket, String clientId, String text) {
      this.ticket = ticket;
      this.clientId = clientId;
      this.text = text;
    }
  }

  boolean hasRoom() {
    return all.size() < ROOM;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  Outgoing add(String ticket, String clientId, String text) {
    Outgoing outgoing = new Outgoing(ticket, clientId, text);
    all.put(clientId, outgoing);
    return outgoing;
  }

  void done(Outgoing outgoing) {
    all.remove(outgoing.clientId);
  }

  /** Those that wait to be sent in that ticket, oldest first. */
  List<Outgoing> waiting(String ticket) {
    List<Outgoing> list = new ArrayList<>();
    all.values().forEach(one -> {
      if (!one.underWay && one.ticket.equals(ticket)) {
        list.add(one);
      }
    });
    return list;
  }
}
