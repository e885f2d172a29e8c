package dev.chatgateway.load;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A connection of a client, whichever its transport. On the crowd's event loop. */
interface Line {
  /** Sends an event; {@code ref} is what the reply is to name, 0 where none is wanted. */
  void send(String event, ObjectNode data, long ref);

  /** Ends it in order; it says no more. */
  void close();

  /** Drops it without a word; it says no more. */
  void abort();

  /** The port of the pod that has it. */
  int pod();
}
