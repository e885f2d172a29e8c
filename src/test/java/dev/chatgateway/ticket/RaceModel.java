package dev.chatgateway.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a ticket's state must be after the sends and marks that were granted, in any order. */
final class RaceModel {
  private final Map<Long, String> authors = new HashMap<>();
  private final Map<String, Long> read = new HashMap<>();
  private final Map<String, Long> delivered = new HashMap<>();
  private final Set<String> moved = new HashSet<>();

  synchronized void sent(long seq, String author) {
    assertThat(authors.put(seq, author)).as("author of %d", seq).isNull();
  }

  synchronized void marked(String status, String user, long upTo, List<String> ids) {
    (status.equals("read") ? read : delivered).merge(user, upTo, Math::max);
    ids.forEach(id -> assertThat(moved.add(status + " " + id)).as("moved twice").isTrue());
  }

  synchronized long messages() {
    return authors.size();
  }

  synchronized String author(long seq) {
    return authors.get(seq);
  }

  synchronized long read(String user) {
    return read.getOrDefault(user, 0L);
  }

  synchronized String status(long seq) {
    return reached(read, seq) ? "read" : reached(delivered, seq) ? "delivered" : "sent";
  }

  synchronized long unread(String user) {
    return authors.entrySet().stream()
        .filter(message -> message.getKey() > read(user) && !message.getValue().equals(user))
        .count();
  }

  // A mark counts for messages of others only.
  private boolean reached(Map<String, Long> marks, long seq) {
    return marks.entrySet().stream()
        .anyMatch(mark -> mark.getValue() >= seq && !mark.getKey().equals(authors.get(seq)));
  }
}
