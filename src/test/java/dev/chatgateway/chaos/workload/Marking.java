package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Wire;
import java.util.List;
import java.util.Random;

/** A mark up to where a worker is in a ticket; now and then by naming its last messages. */
record Marking(Op.Mark op, ObjectNode data) {
  private static final int NAMED = 10;

  static Marking of(Place place, String status, Random random) {
    List<String> ids = random.nextInt(4) == 0 ? place.latest(NAMED) : List.of();
    ObjectNode data = Worker.ticket(place.ticket);
    if (ids.isEmpty()) {
      data.put("up_to_seq", place.seq()).put("epoch", place.epoch());
      return new Marking(new Op.Mark(place.ticket, status, null, place.seq(), place.epoch()), data);
    }
    ids.forEach(data.putArray("message_ids")::add);
    return new Marking(new Op.Mark(place.ticket, status, ids, 0, null), data);
  }

  void ask(Connection connection, Then outcome) {
    connection.ask(op, "mark_messages_" + op.status(), data, Wire::marked, outcome);
  }
}
