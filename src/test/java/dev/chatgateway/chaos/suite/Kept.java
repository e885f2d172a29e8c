package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Link;
import dev.chatgateway.chaos.history.Message;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.history.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The least that a history must show: what was accepted is in the log at the end, where it was said to
 * be and once, and a connection hears each ticket's messages in order, without a gap and none twice.
 */
final class Kept {
  private final List<String> violations = new ArrayList<>();
  private final Map<Long, Op> asked = new HashMap<>();
  private final Map<String, Long> heard = new HashMap<>();
  private final Map<String, Entry> accepted = new HashMap<>();
  private final Map<String, Message> logged = new HashMap<>();
  private final Map<String, String> tickets = new HashMap<>();
  private final Map<String, Long> oldest = new HashMap<>();

  private Kept() {}

  static List<String> violations(List<Entry> entries) {
    Kept kept = new Kept();
    Map<Long, String> conns = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.fact() instanceof Fact.Invoke) {
        conns.put(entry.n(), entry.conn());
      }
      kept.take(entry, conns);
    }
    boolean mayLose = ((RunHeader) entries.get(0).fact()).mayLoseData();
    if (!mayLose) {
      kept.compare();
    }
    return kept.violations;
  }

  private void take(Entry entry, Map<Long, String> conns) {
    if (entry.fact() instanceof Fact.Invoke invoke) {
      asked.put(entry.n(), invoke.op());
    } else if (entry.fact() instanceof Fact.Ok ok) {
      answered(entry, ok, conns.get(ok.of()));
    } else if (entry.fact() instanceof Seen.NewMessage one) {
      message(entry, one);
    } else if (entry.fact() instanceof Seen.PushedJoin push) {
      heard.put(entry.conn() + " " + push.ticket(), push.joined().seq());
    } else if (entry.fact() instanceof Link.Closed) {
      heard.keySet().removeIf(key -> key.startsWith(entry.conn() + " "));
    } else if (entry.fact() instanceof Final.Log log) {
      oldest.put(
          log.ticket(), log.messages().isEmpty() ? 1 : log.messages().get(0).seq());
      log.messages().forEach(message -> logged(log.ticket(), message));
    }
  }

  private void logged(String ticket, Message message) {
    logged.put(message.id(), message);
    if (message.client() != null && tickets.put(message.client(), ticket) != null) {
      violations.add("stored twice: " + message);
    }
  }

  private void answered(Entry entry, Fact.Ok ok, String conn) {
    Op op = asked.get(ok.of());
    if (ok.result() instanceof Result.Accepted result) {
      accepted.put(result.id(), entry);
    } else if (ok.result() instanceof Result.Joined joined && op instanceof Op.Join join) {
      heard.put(conn + " " + join.ticket(), joined.seq());
    }
  }

  private void message(Entry entry, Seen.NewMessage one) {
    String key = entry.conn() + " " + one.ticket();
    Long before = heard.put(key, one.message().seq());
    if (before == null || one.message().seq() != before + 1) {
      violations.add("after seq " + before + " came line " + entry);
    }
  }

  private void compare() {
    accepted.forEach((id, entry) -> {
      Fact.Ok ok = (Fact.Ok) entry.fact();
      Result.Accepted result = (Result.Accepted) ok.result();
      Op op = asked.get(ok.of());
      String ticket = op instanceof Op.Send send ? send.ticket() : ((Op.Publish) op).ticket();
      Message message = logged.get(id);
      if (message == null && result.seq() >= oldest.get(ticket)) {
        violations.add("accepted and lost: line " + entry);
      } else if (message != null && message.seq() != result.seq()) {
        violations.add("accepted by another number than " + message + ": line " + entry);
      }
    });
  }
}
