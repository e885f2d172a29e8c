package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One line of a history.
 *
 * @param n its number, from 1, in the order of the file
 * @param ns monotonic time since the start; never goes down from line to line
 * @param ms wall time, to find the moment in the logs of pods
 * @param worker whose line it is; null for what belongs to none
 * @param conn on which connection, unique in the run; null where on none
 */
@JsonPropertyOrder({"n", "ns", "ms", "worker", "conn", "fact"})
public record Entry(long n, long ns, long ms, String worker, String conn, Fact fact) {
  /** Milliseconds since the start. */
  public long atMs() {
    return ns / 1_000_000;
  }
}
