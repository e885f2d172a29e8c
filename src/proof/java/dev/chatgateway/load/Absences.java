package dev.chatgateway.load;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What absences came to. */
final class Absences {
  private Absences() {}

  static void write(Figures figures, List<Absence> all) {
    figures
        .put("connections lost", all.size())
        .put("of them ended with", codes(all))
        .put(
            "of them back with the first try",
            all.stream().filter(a -> a.attempts == 1).count())
        .put("of them not back", all.stream().filter(a -> a.backAt == 0).count())
        .put(
            "the most tries of one",
            all.stream().mapToInt(a -> a.attempts).max().orElse(0))
        .put("connections lost, and by how many clients", timesLost(all))
        .put("of them to a pod that the client had lost before", lostAgain(all));
    for (Manner manner : Manner.values()) {
      List<Absence> some =
          all.stream().filter(one -> one.client.manner == manner).toList();
      figures.put(
          "interruption of " + manner + ", p50, p99, longest, ms",
          Stream.of(0.5, 0.99, 1.0)
              .map(part -> Math.round(percentile(some, part)))
              .toList());
    }
  }

  private static int lostAgain(List<Absence> all) {
    Map<LoadClient, Set<Integer>> pods = new HashMap<>();
    int again = 0;
    for (Absence one : all) {
      again += pods.computeIfAbsent(one.client, any -> new HashSet<>()).add(one.pod) ? 0 : 1;
    }
    return again;
  }

  private static double percentile(List<Absence> all, double part) {
    double[] ms = all.stream().mapToDouble(Absence::ms).sorted().toArray();
    return ms.length == 0 ? 0 : ms[Math.max(0, (int) Math.ceil(part * ms.length) - 1)];
  }

  private static Map<Integer, Integer> codes(List<Absence> all) {
    Map<Integer, Integer> counts = new TreeMap<>();
    all.forEach(one -> counts.merge(one.code, 1, Integer::sum));
    return counts;
  }

  private static Map<Integer, Integer> timesLost(List<Absence> all) {
    Map<LoadClient, Integer> each = new HashMap<>();
    all.forEach(one -> each.merge(one.client, 1, Integer::sum));
    Map<Integer, Integer> counts = new TreeMap<>();
    each.values().forEach(times -> counts.merge(times, 1, Integer::sum));
    return counts;
  }
}
