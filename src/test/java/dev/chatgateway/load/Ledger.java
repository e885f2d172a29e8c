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

  /** What is accepted and not with each member of its ticket, once and in its place. */
  void write(Figures figures, Collection<LoadClient> clients) {
    int missing = 0;
    int wrong = 0;
    int whole = 0;
    for (LoadClient client : clients) {
      List<String> taken = client.place.taken();
      long first = client.place.first();
      int before = missing + wrong;
      for (Map.Entry<Long, String> one :
          tickets.getOrDefault(client.ticket, new TreeMap<>()).tailMap(first).entrySet()) {
        long at = one.getKey() - first;
        if (at >= taken.size()) {
          missing++;
        } else if (!taken.get((int) at).equals(one.getValue())) {
          wrong++;
        }
      }
      whole += before == missing + wrong ? 1 : 0;
    }
    figures
        .put("messages accepted", accepted)
        .put("accepted messages that a member lacks", missing)
        .put("accepted messages that are not in their place", wrong)
        .put("accepted with a seq that another has", contradictions)
        .put("members who have all of their ticket", whole);
  }
}
