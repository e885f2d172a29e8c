package dev.chatgateway.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a crowd has gone through. On its event loop. */
final class Seen {
  /** That somebody in the room was told that a user has gone, or come. */
  record Presence(String user, boolean left, long at) {}

  private final Ledger ledger = new Ledger();
  private final List<Absence> absences = new ArrayList<>();
  private final List<Presence> presences = new ArrayList<>();
  private final List<Long> reconnects = new ArrayList<>();
  private final Map<Integer, Integer> failures = new TreeMap<>();
  private final Map<String, Integer> oddities = new TreeMap<>();
  private final Map<Long, Latencies> perSecond = new TreeMap<>();
  private Latencies latencies = new Latencies();
  private boolean watching;
  private int told;
  private int recovered;
  private int anew;
  private long deliveries;
  private int twice;
  private int holes;

  /** From now on everybody is there, and whatever happens to connections counts. */
  void watch() {
    watching = true;
    presences.clear();
    reconnects.clear();
    failures.clear();
    oddities.clear();
    restart();
  }

  /** Latencies and deliveries count anew. */
  void restart() {
    latencies = new Latencies();
    perSecond.clear();
    deliveries = 0;
  }

  // --- told by clients

  void delivered(Place.Step step, JsonNode message) {
    deliveries++;
    switch (step) {
      case AGAIN -> twice++;
      case AHEAD -> holes++;
      default -> {}
    }
    String text = message.get("text").asText();
    int end = text.indexOf(' ');
    if (end > 0 && Character.isDigit(text.charAt(0))) {
      long now = System.nanoTime();
      long nanos = now - Long.parseLong(text.substring(0, end));
      latencies.add(nanos);
      perSecond.computeIfAbsent(now / 1_000_000_000, second -> new Latencies()).add(nanos);
    }
  }

  void joined(boolean whole, boolean back) {
    if (back && whole) {
      recovered++;
    } else if (back) {
      anew++;
    }
  }

  void accepted(String ticket, long seq, String clientId) {
    ledger.accepted(ticket, seq, clientId);
  }

  void presence(boolean left, String user) {
    if (watching) {
      presences.add(new Presence(user, left, System.nanoTime()));
    }
  }

  Absence lost(LoadClient client, int pod, int code, boolean wasTold) {
    Absence absence = new Absence(client, pod, code, wasTold);
    absences.add(absence);
    return absence;
  }

  void told() {
    told++;
  }

  void reconnecting() {
    reconnects.add(System.nanoTime());
  }

  /**
   * A connection ended before it had joined, with that close code or status of HTTP; 0 where the
   * client gave up waiting, 1 where nobody was there.
   */
  void failed(int code) {
    failures.merge(code, 1, Integer::sum);
  }

  void refused(String code) {
    oddities.merge("refused " + code, 1, Integer::sum);
  }

  void unexpected(String event, JsonNode data) {
    oddities.merge(event + " " + data.path("code").asText(""), 1, Integer::sum);
  }

  // --- asked by programs

  Ledger ledger() {
    return ledger;
  }

  List<Absence> absences() {
    return absences;
  }

  List<Presence> presences() {
    return presences;
  }

  Latencies latencies() {
    return latencies;
  }

  /** Latencies by the second, of {@link System#nanoTime}, in which messages came. */
  Map<Long, Latencies> perSecond() {
    return perSecond;
  }

  long deliveries() {
    return deliveries;
  }

  int failures() {
    return failures.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Messages that came twice or out of turn, refusals, and what should not have been told. */
  int odd() {
    return twice
        + holes
        + oddities.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The most tries to connect again in any second. */
  int reconnectPeak() {
    List<Long> sorted = reconnects.stream().sorted().toList();
    int peak = 0;
    int from = 0;
    for (int to = 0; to < sorted.size(); to++) {
      while (sorted.get(to) - sorted.get(from) >= 1_000_000_000) {
        from++;
      }
      peak = Math.max(peak, to - from + 1);
    }
    return peak;
  }

  void write(Figures figures) {
    figures
        .put("joins after a loss that resumed", recovered)
        .put("joins after a loss that began anew", anew)
        .put("messages that came twice on a connection", twice)
        .put("messages that came out of turn", holes)
        .put("reconnect events heard", told)
        .put("tries to connect that failed, by code (0 late, 1 nobody there)", failures);
    oddities.forEach(figures::put);
  }
}
