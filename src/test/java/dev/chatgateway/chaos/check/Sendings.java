package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was to be sent or published, each with all its attempts. */
final class Sendings {

  /**
   * @param accepted the line that says so, and null where the attempt was not granted
   */
  record Attempt(Entry asked, Entry accepted) {
    Result.Accepted result() {
      return accepted == null ? null : (Result.Accepted) ((Fact.Ok) accepted.fact()).result();
    }
  }

  /** One message to be sent, by its {@code client_id} or Idempotency-Key. */
  static final class Sending {
    final String ticket;
    final String key;
    final String user;
    final boolean published;
    final List<Attempt> attempts = new ArrayList<>();

    private Sending(String ticket, String key, String user, boolean published) {
      this.ticket = ticket;
      this.key = key;
      this.user = user;
      this.published = published;
    }

    Attempt first() {
      return attempts.get(0);
    }

    /** The attempt that was granted first; null where none was. */
    Attempt accepted() {
      Attempt first = null;
      for (Attempt attempt : attempts) {
        if (attempt.accepted() != null
            && (first == null || attempt.accepted().n() < first.accepted().n())) {
          first = attempt;
        }
      }
      return first;
    }

    @Override
    public String toString() {
      return (published ? "publication " : "message ") + key + " to ticket " + ticket;
    }
  }

  private final Map<String, Sending> sendings = new LinkedHashMap<>();

  Sendings(Run run) {
    for (Entry entry : run.entries()) {
      if (!(entry.fact() instanceof Fact.Invoke invoke)) {
        continue;
      }
      Sending sending;
      if (invoke.op() instanceof Op.Send send) {
        sending = sending(send.ticket(), send.client(), run.user(entry.worker()), false);
      } else if (invoke.op() instanceof Op.Publish publish) {
        sending = sending(publish.ticket(), publish.key(), publish.user(), true);
      } else {
        continue;
      }
      Entry outcome = run.outcome(entry);
      boolean ok = outcome != null && outcome.fact() instanceof Fact.Ok;
      sending.attempts.add(new Attempt(entry, ok ? outcome : null));
    }
  }

  private Sending sending(String ticket, String key, String user, boolean published) {
    return sendings.computeIfAbsent(
        ticket + (published ? " p " : " s ") + user + " " + key,
        any -> new Sending(ticket, key, user, published));
  }

  Collection<Sending> all() {
    return sendings.values();
  }
}
