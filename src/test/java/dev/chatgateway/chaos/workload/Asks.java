package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Pen;
import dev.chatgateway.chaos.history.Result;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a connection was asked and has not answered, each with a deadline; all is written down. */
final class Asks {
  private static final long DEADLINE_MS = 6000;

  private final Vertx vertx;
  private final Pen pen;
  private final String conn;
  private final Transport transport;
  private final Map<Long, Ask> open = new LinkedHashMap<>();
  private long refs;

  /** Hears how it went. */
  interface Outcome {
    void ok(Result result);

    /**
     * @param retry whether the same may succeed later
     */
    void fail(String code, boolean retry, long afterMs);

    /** No answer came. */
    void unknown(boolean ended);
  }

  private record Ask(long of, long timer, Function<JsonNode, Result> reading, Outcome outcome) {}

  Asks(Vertx vertx, Pen pen, String conn, Transport transport) {
    this.vertx = vertx;
    this.pen = pen;
    this.conn = conn;
    this.transport = transport;
  }

  void ask(
      Op op, String event, ObjectNode data, Function<JsonNode, Result> reading, Outcome outcome) {
    long ref = ++refs;
    long of = pen.invoke(conn, op);
    long timer = vertx.setTimer(DEADLINE_MS, late -> unanswered(ref, "deadline", false));
    open.put(ref, new Ask(of, timer, reading, outcome));
    transport.send(event, data, ref);
  }

  void replied(long ref, boolean ok, JsonNode body) {
    Ask ask = open.remove(ref);
    if (ask == null) {
      return; // given up before
    }
    vertx.cancelTimer(ask.timer());
    if (ok) {
      Result result = ask.reading().apply(body);
      pen.ok(ask.of(), result);
      ask.outcome().ok(result);
    } else {
      String code = body.path("code").asText();
      pen.fail(ask.of(), code);
      ask.outcome()
          .fail(
              code, body.path("retry").asBoolean(), body.path("retry_after_ms").asLong());
    }
  }

  /** The connection is gone, and so are the answers. */
  void ended() {
    List.copyOf(open.keySet()).forEach(ref -> unanswered(ref, "closed", true));
  }

  private void unanswered(long ref, String why, boolean ended) {
    Ask ask = open.remove(ref);
    if (ask != null) {
      vertx.cancelTimer(ask.timer());
      pen.unknown(ask.of(), why);
      ask.outcome().unknown(ended);
    }
  }
}
