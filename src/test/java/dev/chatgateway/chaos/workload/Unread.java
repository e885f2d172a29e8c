package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Pen;
import dev.chatgateway.chaos.history.Seen;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a worker was last told of unread messages, of tickets it is not in. */
final class Unread {
  private final Map<String, Seen.Notification> notified = new LinkedHashMap<>();
  private boolean lookingBack;

  /** From now on it is kept. */
  void lookBack() {
    lookingBack = true;
  }

  void heard(Seen.Notification one) {
    if (lookingBack) {
      notified.put(one.ticket(), one);
    }
  }

  void write(Pen pen, String user) {
    notified.forEach(
        (ticket, last) -> pen.last(new Final.Unread(ticket, user, last.seq(), last.unread())));
  }
}
