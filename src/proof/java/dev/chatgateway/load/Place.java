package dev.chatgateway.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a client has of its ticket, over all its connections. */
final class Place {
  /** What a message that comes is to a client that counts. */
  enum Step {
    NEXT,
    AGAIN,
    AHEAD
  }

  private final List<String> taken;
  private String epoch;
  private long first = 1;
  private long seq;

  Place(boolean keepsView) {
    taken = keepsView ? new ArrayList<>(2) : null;
  }

  String epoch() {
    return epoch;
  }

  /** The last message it has. */
  long seq() {
    return seq;
  }

  /** The first message it has, or will have. */
  long first() {
    return first;
  }

  /** The {@code client_id}s from {@link #first} on. */
  List<String> taken() {
    return taken;
  }

  /** Takes a live message. */
  Step message(JsonNode message) {
    long its = message.get("seq").asLong();
    if (its <= seq) {
      return Step.AGAIN;
    }
    Step step =
        its == seq + 1 && message.get("epoch").asText().equals(epoch) ? Step.NEXT : Step.AHEAD;
    add(message);
    return step;
  }

  /**
   * Takes a snapshot.
   *
   * @return whether it continues what was there without a hole
   */
  boolean joined(JsonNode snapshot) {
    boolean whole = snapshot.get("recovered").asBoolean();
    JsonNode messages = snapshot.get("messages");
    if (!whole) {
      long its = snapshot.get("seq").asLong();
      first = messages.isEmpty() ? its + 1 : messages.get(0).get("seq").asLong();
      if (taken != null) {
        taken.clear();
      }
    }
    epoch = snapshot.get("epoch").asText();
    messages.forEach(this::add);
    seq = snapshot.get("seq").asLong();
    return whole;
  }

  private void add(JsonNode message) {
    seq = message.get("seq").asLong();
    if (taken != null) {
      taken.add(message.path("client_id").asText());
    }
  }
}
