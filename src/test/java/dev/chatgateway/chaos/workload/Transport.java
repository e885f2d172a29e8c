package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A connection of a worker, whichever its door. On the workload's one event loop. */
public interface Transport {
  /** The close code where there was none. */
  int ABNORMAL = 1006;

  /** In what header a balancer says which pod it chose. */
  String REACHED = "X-Reached";

  /** Hears what comes; nothing after {@link #closed}. */
  interface Listener {
    /** The gateway can be asked things. */
    void opened();

    void received(String event, JsonNode data);

    /**
     * @param body the data, or the error
     */
    void replied(long ref, boolean ok, JsonNode body);

    /** The connection is gone, or was never had. */
    void closed(int code);
  }

  /**
   * Sends an event.
   *
   * @param ref what the reply is to name; 0 where none is wanted
   */
  void send(String event, ObjectNode data, long ref);

  /** The {@code host:port} of the pod that it leads to; null where that is not known. */
  String reached();

  /** Ends it in order. */
  void close();

  /** Drops it without a word. */
  void abort();

  /** Reads nothing more, and so answers no ping; {@link #read} goes on. */
  void stall();

  void read();

  /** Reads that many frames, though stalled. */
  void sip(int frames);
}
