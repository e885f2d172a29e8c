package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Pen;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import dev.chatgateway.chaos.history.Wire;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * A client as {@code docs/protocol.md} wants one to be: keeps its place in each ticket, comes back
 * with backoff and resumes, and sends again, with the same {@code client_id}, what was not answered.
 * On the workload's one event loop.
 */
final class Worker {
  private static final Set<Integer> FOR_GOOD = Set.of(1002, 1003, 1007, 1008, 1009, 4403);
  private static final int PATIENCE = 3;
  private static final int SIP = 5;
  private static final int LONGEST_TEXT = 800;
  private static final long OPENING_MS = 8000;

  /** Opens a connection to wherever this worker is to go. */
  interface Opening {
    Transport open(Persona who, Transport.Listener listener);
  }

  final Persona who;
  private final Vertx vertx;
  private final Pen pen;
  private final Opening opening;
  private final Random random;
  private final Backoff backoff;
  private final Outbox outbox = new Outbox();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, Seen.Notification> notified = new LinkedHashMap<>();
  private boolean lookingBack;
  private Transport transport;
  private Asks asks;
  private String conn;
  private boolean opened;
  private boolean byClient;
  private boolean ended;
  private boolean stalled;
  private int connections;
  private int messages;
  private int unanswered;
  private long told = -1;

  Worker(Vertx vertx, Persona who, Pen pen, Opening opening, Random random) {
    this.vertx = vertx;
    this.who = who;
    this.pen = pen;
    this.opening = opening;
    this.random = random;
    backoff = new Backoff(random);
    who.tickets().forEach(ticket -> places.put(ticket, new Place(ticket)));
  }

  // --- connections

  /** Connects, where it is not connected. */
  void connect() {
    if (transport != null || ended) {
      return;
    }
    conn = who.name() + "-" + ++connections;
    opened = false;
    byClient = false;
    unanswered = 0;
    String mine = conn;
    // What an abandoned connection still says is not for its successor.
    transport = opening.open(who, new Current(mine));
    vertx.setTimer(OPENING_MS, late -> {
      if (mine.equals(conn) && !opened) {
        drop();
      }
    });
  }

  private final class Current implements Transport.Listener {
    private final String mine;

    Current(String mine) {
      this.mine = mine;
    }

    private boolean isCurrent() {
      return mine.equals(conn);
    }

    @Override
    public void opened() {
      if (isCurrent()) {
        Worker.this.opened();
      }
    }

    @Override
    public void received(String event, JsonNode data) {
      if (isCurrent()) {
        Worker.this.received(event, data);
      }
    }

    @Override
    public void replied(long ref, boolean ok, JsonNode body) {
      if (isCurrent()) {
        Worker.this.replied(ref, ok, body);
      }
    }

    @Override
    public void closed(int code) {
      if (isCurrent()) {
        Worker.this.closed(code);
      }
    }
  }

  private void opened() {
    opened = true;
    pen.opened(conn, who.user(), who.door().wire, null);
    asks = new Asks(vertx, pen, conn, transport);
    authenticate();
  }

  private void authenticate() {
    ObjectNode data = Door.JSON.createObjectNode().put("token", who.token());
    ask(new Op.Authenticate(), "chat_authenticate", data, body -> new Result.Done(), new Then() {
      @Override
      public void ok(Result result) {
        backoff.reset();
        places.values().forEach(Worker.this::join);
      }

      @Override
      public void fail(String code, boolean retry, long afterMs) {
        again(retry, afterMs, Worker.this::authenticate);
      }

      @Override
      public void unknown(boolean closed) {
        giveUp(closed);
      }
    });
  }

  private void join(Place place) {
    ObjectNode data = ticket(place.ticket);
    if (place.epoch() != null) {
      data.put("epoch", place.epoch()).put("last_seq", place.seq());
    }
    Op.Join op = new Op.Join(place.ticket, place.epoch(), place.seq());
    ask(op, "join_ticket_chat", data, Wire::joined, new Then() {
      @Override
      public void ok(Result result) {
        place.joined((Result.Joined) result);
        outbox.waiting(place.ticket).forEach(Worker.this::send);
      }

      @Override
      public void fail(String code, boolean retry, long afterMs) {
        again(retry, afterMs, () -> join(place));
      }

      @Override
      public void unknown(boolean closed) {
        giveUp(closed);
      }
    });
  }

  private void giveUp(boolean closed) {
    if (!closed) {
      drop();
    }
  }

  /** On the same connection: later, where that may help; else by another. */
  private void again(boolean retry, long afterMs, Runnable action) {
    if (retry) {
      String mine = conn;
      vertx.setTimer(Math.max(afterMs, 200 + random.nextInt(600)), due -> {
        if (mine.equals(conn) && transport != null) {
          action.run();
        }
      });
    } else {
      drop();
    }
  }

  private void closed(int code) {
    if (opened) {
      asks.ended();
      pen.closed(conn, code, byClient);
    }
    places.values().forEach(Place::leave);
    transport = null;
    asks = null;
    conn = null;
    ended |= FOR_GOOD.contains(code);
    long delay = told >= 0 ? told : backoff.next();
    told = -1;
    vertx.setTimer(Math.max(1, delay), due -> connect());
  }

  /** Loses its connection without a word. */
  void drop() {
    if (transport != null) {
      byClient = true;
      transport.abort();
    }
  }

  /** Goes, and does not come back. */
  void goForGood() {
    ended = true;
    drop();
  }

  /** Whether it has gone for good. */
  boolean gone() {
    return ended;
  }

  /** Ends its connection in order, and comes back at once, perhaps to another pod. */
  void roam() {
    if (transport != null && opened) {
      byClient = true;
      told = 0;
      transport.close();
    }
  }

  /** Reads, says and answers nothing from now on, until {@link #read}. */
  void stall() {
    stalled = true;
    if (transport != null) {
      transport.stall();
    }
  }

  /** Reads a little, though it is stalled. */
  void sip() {
    if (transport != null) {
      transport.sip(SIP);
    }
  }

  void read() {
    stalled = false;
    if (transport != null) {
      transport.read();
    }
  }

  // --- what it does

  boolean canSay() {
    return !ended
        && !stalled
        && outbox.hasRoom()
        && places.values().stream().anyMatch(Place::seated);
  }

  void say() {
    var seated = places.values().stream().filter(Place::seated).toList();
    String ticket = seated.get(random.nextInt(seated.size())).ticket;
    String clientId = who.name() + ":" + ++messages;
    String text = clientId + " " + "x".repeat(random.nextInt(LONGEST_TEXT));
    send(outbox.add(ticket, clientId, text));
  }

  /** Sends a message and drops the connection before it can have an answer. */
  void sayAndDrop() {
    if (canSay()) {
      say();
      drop();
    }
  }

  private void send(Outbox.Outgoing outgoing) {
    if (asks == null || outgoing.underWay || !places.get(outgoing.ticket).seated()) {
      return; // it goes when the ticket has been joined
    }
    outgoing.underWay = true;
    ObjectNode data =
        ticket(outgoing.ticket).put("text", outgoing.text).put("client_id", outgoing.clientId);
    Op op = new Op.Send(outgoing.ticket, outgoing.clientId);
    ask(op, "send_message", data, Wire::accepted, new Then() {
      @Override
      public void ok(Result result) {
        outbox.done(outgoing);
      }

      @Override
      public void fail(String code, boolean retry, long afterMs) {
        outgoing.underWay = false;
        again(retry, afterMs, () -> send(outgoing));
      }

      @Override
      public void unknown(boolean closed) {
        outgoing.underWay = false;
        super.unknown(closed);
        if (!closed) {
          send(outgoing);
        }
      }
    });
  }

  /** Says of each ticket that it has or has read what has come. */
  void mark() {
    if (stalled) {
      return;
    }
    for (Place place : places.values()) {
      if (place.turnToMark()) {
        String status = random.nextInt(3) == 0 ? "delivered" : "read";
        ObjectNode data =
            ticket(place.ticket).put("up_to_seq", place.seq()).put("epoch", place.epoch());
        Op op = new Op.Mark(place.ticket, status, null, place.seq(), place.epoch());
        ask(op, "mark_messages_" + status, data, Wire::marked, new Then());
      }
    }
  }

  void type(boolean on) {
    if (stalled) {
      return;
    }
    places.values().stream().filter(Place::seated).findFirst().ifPresent(place -> {
      pen.invoke(conn, new Op.Typing(place.ticket, on));
      transport.send(on ? "typing_start" : "typing_stop", ticket(place.ticket), 0);
    });
  }

  /** Tries to enter a ticket it is not admitted to. */
  void probe() {
    if (asks != null && !stalled && who.probes() != null) {
      Op.Join op = Op.Join.anew(who.probes());
      ask(op, "join_ticket_chat", ticket(who.probes()), Wire::joined, new Then());
    }
  }

  // --- what it hears

  private void received(String event, JsonNode data) {
    Seen seen = Wire.event(event, data);
    pen.saw(conn, seen);
    if (seen instanceof Seen.NewMessage one && places.containsKey(one.ticket())) {
      places.get(one.ticket()).message(one.epoch(), one.message());
    } else if (seen instanceof Seen.StatusUpdate update && places.containsKey(update.ticket())) {
      places.get(update.ticket()).status(update.id(), update.status());
    } else if (seen instanceof Seen.PushedJoin push && places.containsKey(push.ticket())) {
      places.get(push.ticket()).joined(push.joined());
    } else if (seen instanceof Seen.PutOut out && places.containsKey(out.ticket())) {
      places.get(out.ticket()).leave();
      join(places.get(out.ticket()));
    } else if (seen instanceof Seen.Notification one && lookingBack) {
      notified.put(one.ticket(), one);
    } else if (seen instanceof Seen.Pod pod && pod.says().equals("reconnect")) {
      told = pod.delayMs();
    }
  }

  private void replied(long ref, boolean ok, JsonNode body) {
    unanswered = 0;
    asks.replied(ref, ok, body);
  }

  // --- how it stands

  /** Whether it is in all its tickets and has nothing left to send. */
  boolean settled() {
    return outbox.isEmpty() && places.values().stream().allMatch(Place::seated);
  }

  Map<String, Place> places() {
    return places;
  }

  /** From now on it keeps what it is told of unread messages. */
  void lookBack() {
    lookingBack = true;
  }

  /** Writes how many messages it was last told it has not read, of tickets it has not joined. */
  void writeUnread() {
    notified.forEach((ticket, last) ->
        pen.last(new Final.Unread(ticket, who.user(), last.seq(), last.unread())));
  }

  void writeViews() {
    places
        .values()
        .forEach(place ->
            pen.last(new Final.View(place.ticket, place.epoch(), List.copyOf(place.view()))));
  }

  @Override
  public String toString() {
    return who.name()
        + (transport == null ? " without connection" : " on " + conn)
        + (outbox.isEmpty() ? "" : ", with messages to send")
        + (ended ? ", for good" : "");
  }

  private void ask(
      Op op, String event, ObjectNode data, Function<JsonNode, Result> reading, Then then) {
    asks.ask(op, event, data, reading, then);
  }

  private static ObjectNode ticket(String ticket) {
    return Door.JSON.createObjectNode().put("ticket_id", ticket);
  }

  /** A connection that lets several questions run out of time is given up. */
  private class Then implements Asks.Outcome {
    @Override
    public void ok(Result result) {}

    @Override
    public void fail(String code, boolean retry, long afterMs) {}

    @Override
    public void unknown(boolean closed) {
      if (!closed && ++unanswered >= PATIENCE) {
        drop();
      }
    }
  }
}
