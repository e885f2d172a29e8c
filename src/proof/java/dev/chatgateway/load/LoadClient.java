package dev.chatgateway.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.workload.Door;
import dev.chatgateway.chaos.workload.Transport;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * A client as {@code docs/protocol.md} wants one to be, in one ticket: keeps its place, comes back
 * and resumes, and sends again, with the same {@code client_id}, what was not answered. On the crowd's
 * event loop.
 */
final class LoadClient {
  private static final Set<Integer> FOR_GOOD = Set.of(1002, 1003, 1007, 1008, 1009, 4403);
  private static final int GAVE_UP = 0;
  private static final long AUTHENTICATE = 1;
  private static final long JOIN = 2;
  private static final long FIRST_MESSAGE = 3;

  final int number;
  final String ticket;
  final Manner manner;
  final Place place;
  private final Crowd crowd;
  private final Deque<Outgoing> outbox = new ArrayDeque<>(2);
  private String token;
  private Current current;
  private boolean seated;
  private int failures;
  private long comeBackAt = -1;
  private Absence absence;
  private long refs;
  private int messages;

  private static final class Outgoing {
    final String clientId;
    long ref;
    boolean again;

    Outgoing(String clientId) {
      this.clientId = clientId;
    }
  }

  LoadClient(Crowd crowd, int number, String ticket, Manner manner, boolean keepsView) {
    this.crowd = crowd;
    this.number = number;
    this.ticket = ticket;
    this.manner = manner;
    place = new Place(keepsView);
  }

  String user() {
    return "u" + number;
  }

  /** Whether it has joined, on the connection it has. */
  boolean seated() {
    return seated;
  }

  /** The port of the pod it is on, or was last; 0 before the first. */
  int pod() {
    return current == null ? 0 : current.line.pod();
  }

  /** Whether all it has sent was accepted. */
  boolean settled() {
    return seated && outbox.isEmpty();
  }

  // --- connections

  void connect() {
    if (token == null) {
      token = crowd.token(this);
    }
    if (absence != null) {
      absence.attempts++;
      crowd.seen().reconnecting();
    }
    comeBackAt = -1;
    current = new Current();
    current.line = crowd.open(manner, current);
    Current mine = current;
    crowd.after(crowd.patienceMs(), () -> {
      if (mine == current && !mine.joined) {
        mine.giveUp();
      }
    });
  }

  /** One connection; what an abandoned one still says is not for its successor. */
  private final class Current implements Transport.Listener {
    private Line line;
    private boolean joined;
    private boolean over;

    private void giveUp() {
      line.abort();
      closed(GAVE_UP);
    }

    @Override
    public void opened() {
      if (!over) {
        ask("chat_authenticate", Door.JSON.createObjectNode().put("token", token), AUTHENTICATE);
      }
    }

    private void ask(String event, ObjectNode data, long ref) {
      line.send(event, data, ref);
    }

    @Override
    public void received(String event, JsonNode data) {
      if (over) {
        return;
      }
      switch (event) {
        case "new_message" -> crowd.seen().delivered(place.message(data), data);
        case "joined_ticket_chat" -> place.joined(data);
        case "user_joined", "user_left" ->
          crowd.seen().presence(event.equals("user_left"), data.path("user_id").asText());
        case "reconnect" -> told(data.path("delay_ms").asLong());
        case "left_ticket_chat", "degraded", "error" -> crowd.seen().unexpected(event, data);
        default -> {}
      }
    }

    private void told(long delayMs) {
      crowd.seen().told();
      if (!manner.obeys) {
        return;
      }
      comeBackAt = System.nanoTime() + delayMs * 1_000_000;
      crowd.after(Math.max(1, delayMs), () -> {
        if (!over) {
          line.close();
          closed(1000);
        }
      });
    }

    @Override
    public void replied(long ref, boolean ok, JsonNode body) {
      if (over) {
        return;
      }
      if (ref == AUTHENTICATE) {
        authenticated(ok, body);
      } else if (ref == JOIN) {
        joined(ok, body);
      } else {
        answered(ref, ok, body);
      }
    }

    private void authenticated(boolean ok, JsonNode body) {
      if (ok) {
        join();
      } else {
        again(body, this::opened);
      }
    }

    private void join() {
      ObjectNode data = ticket();
      if (place.epoch() != null) {
        data.put("epoch", place.epoch()).put("last_seq", place.seq());
      }
      ask("join_ticket_chat", data, JOIN);
    }

    private void joined(boolean ok, JsonNode body) {
      if (!ok) {
        again(body, this::join);
        return;
      }
      joined = true;
      seated = true;
      failures = 0;
      crowd.seen().joined(place.joined(body), absence != null);
      if (absence != null) {
        absence.backAt = System.nanoTime();
        absence = null;
      }
      outbox.forEach(one -> {
        one.again = true;
        send(one);
      });
    }

    private void again(JsonNode error, Runnable action) {
      crowd.seen().refused(error.path("code").asText());
      if (error.path("retry").asBoolean()) {
        crowd.after(Math.max(200, error.path("retry_after_ms").asLong()), () -> {
          if (!over) {
            action.run();
          }
        });
      } else {
        giveUp();
      }
    }

    private void answered(long ref, boolean ok, JsonNode body) {
      Outgoing one = outbox.stream().filter(it -> it.ref == ref).findFirst().orElse(null);
      if (one == null) {
        return;
      }
      if (ok) {
        outbox.remove(one);
        crowd.seen().accepted(ticket, body.get("seq").asLong(), one.clientId);
      } else {
        one.again = true;
        again(body, () -> send(one));
      }
    }

    private void send(Outgoing one) {
      one.ref = FIRST_MESSAGE + refs++;
      String stamp = one.again ? "again" : Long.toString(System.nanoTime());
      ObjectNode data =
          ticket().put("text", stamp + crowd.padding()).put("client_id", one.clientId);
      ask("send_message", data, one.ref);
    }

    @Override
    public void closed(int code) {
      if (over) {
        return;
      }
      over = true;
      lost(this, code);
    }
  }

  private ObjectNode ticket() {
    return Door.JSON.createObjectNode().put("ticket_id", ticket);
  }

  private void lost(Current ended, int code) {
    seated = false;
    if (ended.joined) {
      absence = crowd.seen().lost(this, ended.line.pod(), code, comeBackAt >= 0);
    } else {
      failures++;
      crowd.seen().failed(code);
    }
    if (FOR_GOOD.contains(code)) {
      throw new IllegalStateException(user() + " was closed for good with " + code);
    }
    long wait = comeBackAt >= 0
        ? (comeBackAt - System.nanoTime()) / 1_000_000
        : manner.backoffMs(failures, crowd.random());
    crowd.after(Math.max(1, wait), this::connect);
  }

  // --- what it does

  void talk() {
    Outgoing one = new Outgoing(user() + ":" + ++messages);
    outbox.add(one);
    current.send(one);
  }

  @Override
  public String toString() {
    return user()
        + " (" + manner + ")"
        + (seated ? " joined at " : " not joined, last at ") + pod()
        + (outbox.isEmpty() ? "" : ", with " + outbox.size() + " messages to send")
        + (failures == 0 ? "" : ", failed " + failures + " times");
  }
}
