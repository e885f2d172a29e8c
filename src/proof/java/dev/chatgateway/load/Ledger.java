package dev.chatgateway.load;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which messages were accepted, told by their senders, and whether everybody has them. */
final class Ledger {
  private final Map<String, TreeMap<Long, String>> tickets = new HashMap<>();
  private int accepted;
  private int contradictions;

  void accepted(String ticket, long seq, String clientId) {
    accepted++;
    String other = tickets.computeIfAbsent(ticket, any -> new TreeMap<>()).put(seq, clientId);
    if (other != null && !other.equals(clientId)) {
      contradictions++;
    }
  }

  int accepted() {
    return accepted;
  }

  /** What a member of that ticket lacks of it, and what it has in the wrong place. */
  Difference compare(String ticket, Place place) {
    int missing = 0;
    int misplaced = 0;
    long first = place.first();
    var expected = tickets.getOrDefault(ticket, new TreeMap<>()).tailMap(first);
    for (Map.Entry<Long, String> one : expected.entrySet()) {
      long at = one.getKey() - first;
      if (at >= place.taken().size()) {
        missing++;
      } else if (!place.taken().get((int) at).equals(one.getValue())) {
        misplaced++;
      }
    }
    return new Difference(missing, misplaced);
  }

  record Difference(int missing, int misplaced) {}

  void write(Figures figures, Collection<LoadClient> clients) {
    List<Difference> all =
        clients.stream().map(client -> compare(client.ticket, client.place)).toList();
    figures
        .put("messages accepted", accepted)
        .put(
            "of them missing at a member",
            all.stream().mapToInt(Difference::missing).sum())
        .put(
            "of them misplaced at one",
            all.stream().mapToInt(Difference::misplaced).sum())
        .put("of them with a seq that another has", contradictions)
        .put(
            "members who have all of their ticket",
            all.stream().filter(new Difference(0, 0)::equals).count());
  }
}
