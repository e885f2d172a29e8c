package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How frames look at a door: as they are, or in the packets of Socket.IO. */
public interface Codec {
  /** An event as a text message; with a {@code ref} of 0 no reply is wanted. */
  String frame(String event, ObjectNode data, long ref);

  /** Says that the transport is open, where the client may speak first. */
  void begin(Transport.Listener listener);

  /** Takes a text message apart; returns what to answer, or null. */
  String take(String text, Transport.Listener listener) throws JsonProcessingException;
}
