package dev.chatgateway.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;

/** Durations, in buckets that are 2 % wide. */
final class Latencies {
  private static final double WIDTH = Math.log(1.02);
  private static final int BUCKETS = 1024; // up to ten minutes, in microseconds

  private final int[] counts = new int[BUCKETS];
  private long total;

  void add(long nanos) {
    double micros = Math.max(1, nanos / 1e3);
    counts[Math.min(BUCKETS - 1, (int) (Math.log(micros) / WIDTH))]++;
    total++;
  }

  long count() {
    return total;
  }

  /** Milliseconds which that part of them, such as 0.99, does not exceed; 0 if there are none. */
  double percentile(double part) {
    long rank = (long) Math.ceil(part * total);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return Math.exp((i + 1) * WIDTH) / 1e3;
      }
    }
    return 0;
  }

  ObjectNode toJson() {
    ObjectNode json = Door.JSON.createObjectNode();
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] > 0) {
        json.put(Integer.toString(i), counts[i]);
      }
    }
    return json;
  }

  /** Adds those of another process. */
  void add(JsonNode json) {
    json.fields().forEachRemaining(bucket -> {
      counts[Integer.parseInt(bucket.getKey())] += bucket.getValue().asInt();
      total += bucket.getValue().asInt();
    });
  }
}
