package dev.chatgateway.ops;

import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All pods as one of them sees them.
 *
 * @param nowMs Redis's time, in ms since 1970
 * @param asked the report of the pod that was asked, of just now
 * @param others those of the other pods, by host and id
 * @param unreadable how many pods more are alive of which there is no report that can be read
 * @param complete whether Redis could be asked for the others
 */
record Overview(
    long nowMs, PodReport asked, List<PodReport> others, int unreadable, boolean complete) {
  // How evenly these are spread over the pods that take connections is worth knowing.
  private static final List<Figure> SPREAD =
      List.of(Figure.CONNECTIONS, Figure.ACCEPTED_PER_S, Figure.DELIVERED_PER_S);

  /** With what was found in Redis, of which nothing is taken on trust. */
  static Overview of(long nowMs, PodReport asked, List<Optional<String>> found) {
    Map<String, PodReport> latest = new HashMap<>();
    int unreadable = 0;
    for (Optional<String> text : found) {
      Optional<PodReport> read = text.flatMap(PodReport::of);
      if (read.isEmpty()) {
        unreadable++;
      } else {
        latest.merge(read.get().pod(), read.get(), (a, b) -> a.atMs() > b.atMs() ? a : b);
      }
    }
    latest.remove(asked.pod());
    List<PodReport> others = new ArrayList<>(latest.values());
    others.sort(Comparator.comparing(PodReport::host).thenComparing(PodReport::pod));
    return new Overview(nowMs, asked, List.copyOf(others), unreadable, true);
  }

  /** The pod that was asked, alone, since Redis could not be. */
  static Overview alone(long nowMs, PodReport asked) {
    return new Overview(nowMs, asked, List.of(), 0, false);
  }

  byte[] json() {
    List<PodReport> pods = new ArrayList<>(others);
    pods.add(0, asked);
    JsonWriter json = new JsonWriter(1024)
        .beginObject()
        .field("now", Timestamps.iso(nowMs))
        .field("asked", asked.pod())
        .field("complete", complete)
        .field("unreadable", unreadable)
        .name("pods")
        .beginArray();
    pods.forEach(pod -> write(json, pod));
    json.endArray().name("totals").beginObject();
    json.field("pods", pods.size());
    json.field("draining", pods.stream().filter(PodReport::draining).count());
    json.field(
        "store_unreachable", pods.stream().filter(pod -> !pod.storeReachable()).count());
    for (Figure figure : Figure.values()) {
      total(json, figure, pods);
    }
    json.endObject().name("spread").beginObject();
    for (Figure figure : SPREAD) {
      spread(json, figure, pods);
    }
    return json.endObject().endObject().toBytes();
  }

  private void write(JsonWriter json, PodReport pod) {
    json.beginObject()
        .field("pod", pod.pod())
        .field("host", pod.host())
        .field("version", pod.version())
        .field("started_at", Timestamps.iso(pod.startedAtMs()))
        .field("uptime_s", pod.uptimeS())
        .field("heard_ms_ago", pod.pod().equals(asked.pod()) ? 0 : Math.max(0, nowMs - pod.atMs()))
        .field("draining", pod.draining())
        .field("store", pod.store());
    pod.writeStoreSays(json);
    pod.writeFigures(json);
    json.endObject();
  }

  private static void total(JsonWriter json, Figure figure, List<PodReport> pods) {
    DoubleSummaryStatistics all = statistics(figure, pods);
    if (all.getCount() > 0) {
      Figure.write(
          json,
          figure.wire(),
          switch (figure.total()) {
            case SUM -> all.getSum();
            case HIGHEST -> all.getMax();
          });
    }
  }

  /** Over the pods that take connections: one that drains is meant to have less. */
  private static void spread(JsonWriter json, Figure figure, List<PodReport> pods) {
    DoubleSummaryStatistics all =
        statistics(figure, pods.stream().filter(pod -> !pod.draining()).toList());
    if (all.getCount() > 0) {
      json.name(figure.wire()).beginObject();
      Figure.write(json, "min", all.getMin());
      Figure.write(json, "mean", all.getAverage());
      Figure.write(json, "max", all.getMax());
      Figure.write(json, "skew", all.getSum() > 0 ? all.getMax() / all.getAverage() : 1);
      json.endObject();
    }
  }

  private static DoubleSummaryStatistics statistics(Figure figure, List<PodReport> pods) {
    return pods.stream()
        .filter(pod -> pod.figures().containsKey(figure))
        .mapToDouble(pod -> pod.figures().get(figure))
        .summaryStatistics();
  }
}
