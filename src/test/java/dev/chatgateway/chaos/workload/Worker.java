package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Pen;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import dev.chatgateway.chaos.history.Wire;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A client as {@code docs/protocol.md} wants one to be: keeps its place in each ticket, resumes there
 * when it comes back, to the gateway or to the ticket, and sends again, with the same {@code
 * client_id}, what was not answered. On the workload's one event loop.
 */
final class Worker implements Connection.Owner {
  private static final int LONGEST_TEXT = 800;
  private static final int STAY_MS = 1000;
  private static final int LONGEST_LEAVE_MS = 3000;
  private static final int VISIT_MS = 4000;

  final Persona who;
  final Connection connection;
  private final Vertx vertx;
  private final Pen pen;
  private final Random random;
  private final Outbox outbox = new Outbox();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Unread unread = new Unread();
  private final List<Visit> visits = new ArrayList<>();
  private boolean leaving;
  private int messages;
  private long goneNanos;

  Worker(Vertx vertx, Persona who, Pen pen, Connection.Opening opening, Random random) {
    this.vertx = vertx;
    this.who = who;
    this.pen = pen;
    this.random = random;
    connection = new Connection(vertx, who, pen, opening, random, this);
    who.tickets().forEach(ticket -> places.put(ticket, new Place(ticket)));
    who.visits().forEach(this::visit);
  }

  private void visit(String ticket) {
    Visit visit = new Visit(vertx, this, places.computeIfAbsent(ticket, Place::new));
    visits.add(visit);
    visit.endIn(VISIT_MS + random.nextInt(VISIT_MS * 2));
  }

  // --- connections and rooms

  @Override
  public void opened() {
    ObjectNode data = Door.JSON.createObjectNode().put("token", who.token());
    connection.ask(
        new Op.Authenticate(),
        "chat_authenticate",
        data,
        body -> new Result.Done(),
        new Then.OrElse(connection, this::opened) {
          @Override
          public void ok(Result result) {
            connection.proved();
            places.values().forEach(Worker.this::join);
          }
        });
  }

  private void join(Place place) {
    if (place.isOver()) {
      return;
    }
    ObjectNode data = ticket(place.ticket);
    if (place.epoch() != null) {
      data.put("epoch", place.epoch()).put("last_seq", place.seq());
    }
    Op op = new Op.Join(place.ticket, place.epoch(), place.seq());
    connection.ask(
        op, "join_ticket_chat", data, Wire::joined, new Then.OrElse(connection, () -> join(place)) {
          @Override
          public void ok(Result result) {
            place.joined((Result.Joined) result);
            outbox.waiting(place.ticket).forEach(Worker.this::send);
            if (who.leaves() == Persona.Leaves.BEFORE && allSeated()) {
              leaveIn(STAY_MS + random.nextInt(STAY_MS));
            }
          }
        });
  }

  /** It goes for good after that time, wherever it is by then. */
  void leaveIn(long ms) {
    if (!leaving) {
      leaving = true;
      vertx.setTimer(Math.max(1, ms), late -> {
        goneNanos = System.nanoTime();
        connection.dropForGood();
      });
    }
  }

  @Override
  public void closed() {
    places.values().forEach(Place::leave);
    visits.forEach(Visit::closed);
  }

  /** Leaves a ticket, and joins it again after a while. */
  void stepOut() {
    List<Place> seated = seated();
    if (connection.canSpeak() && !seated.isEmpty()) {
      Place place = seated.get(random.nextInt(seated.size()));
      long ms = 100 + random.nextInt(LONGEST_LEAVE_MS);
      place.stepOut();
      leave(place, new Then.Anyhow(connection, () -> connection.later(ms, () -> comeBack(place))));
    }
  }

  private void comeBack(Place place) {
    place.comeBack();
    join(place);
  }

  void leave(Place place, Then outcome) {
    connection.ask(
        new Op.Leave(place.ticket),
        "leave_ticket_chat",
        ticket(place.ticket),
        body -> new Result.Done(),
        outcome);
  }

  private boolean allSeated() {
    return places.values().stream().allMatch(place -> place.seated() || place.isOver());
  }

  /** Where it takes part. */
  private List<Place> seated() {
    return who.tickets().stream().map(places::get).filter(Place::seated).toList();
  }

  boolean canSay() {
    return !connection.isOver()
        && connection.canSpeak()
        && outbox.hasRoom()
        && !who.silent()
        && !seated().isEmpty();
  }

  void say() {
    List<Place> seated = seated();
    String ticket = seated.get(random.nextInt(seated.size())).ticket;
    String clientId = who.name() + ":" + ++messages;
    String text = clientId + " " + "x".repeat(random.nextInt(LONGEST_TEXT));
    send(outbox.add(ticket, clientId, text));
  }

  /** Sends a message and drops the connection before it can have an answer. */
  void sayAndDrop() {
    if (canSay()) {
      say();
      connection.drop();
    }
  }

  private void send(Outbox.Outgoing outgoing) {
    if (outgoing.underWay || !places.get(outgoing.ticket).seated()) {
      return; // it goes when the ticket has been joined
    }
    outgoing.underWay = true;
    ObjectNode data =
        ticket(outgoing.ticket).put("text", outgoing.text).put("client_id", outgoing.clientId);
    Op op = new Op.Send(outgoing.ticket, outgoing.clientId);
    connection.ask(op, "send_message", data, Wire::accepted, new Then(connection) {
      @Override
      public void ok(Result result) {
        outbox.done(outgoing);
      }

      @Override
      public void fail(String code, boolean retry, long afterMs) {
        outgoing.underWay = false;
        connection.again(retry, afterMs, () -> send(outgoing));
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
    if (!connection.canSpeak()) {
      return;
    }
    for (Place place : places.values()) {
      if (place.turnToMark()) {
        mark(place, random.nextInt(3) == 0 ? "delivered" : "read", new Then(connection));
      }
    }
  }

  void mark(Place place, String status, Then outcome) {
    Marking.of(place, status, random).ask(connection, outcome);
  }

  void type(boolean on) {
    if (connection.canSpeak()) {
      seated().stream()
          .findFirst()
          .ifPresent(place -> connection.say(
              new Op.Typing(place.ticket, on),
              on ? "typing_start" : "typing_stop",
              ticket(place.ticket)));
    }
  }

  /** Tries to enter a ticket it is not admitted to. */
  void probe() {
    String ticket = who.probes();
    if (connection.canSpeak() && ticket != null) {
      Op.Join op = Op.Join.anew(ticket);
      connection.ask(op, "join_ticket_chat", ticket(ticket), Wire::joined, new Then(connection));
    }
  }

  @Override
  public void heard(Seen seen) {
    if (seen instanceof Seen.NewMessage one && places.containsKey(one.ticket())) {
      places.get(one.ticket()).message(one.epoch(), one.message());
    } else if (seen instanceof Seen.StatusUpdate update && places.containsKey(update.ticket())) {
      places.get(update.ticket()).status(update.id(), update.status());
    } else if (seen instanceof Seen.PushedJoin push && places.containsKey(push.ticket())) {
      places.get(push.ticket()).joined(push.joined());
    } else if (seen instanceof Seen.PutOut out && places.containsKey(out.ticket())) {
      places.get(out.ticket()).leave();
      join(places.get(out.ticket()));
    } else if (seen instanceof Seen.Notification one) {
      unread.heard(one);
    }
  }

  /** Whether it has gone for good. */
  boolean gone() {
    return connection.isOver();
  }

  /** When it went for good, as of {@link System#nanoTime}; 0 where it has not. */
  long goneNanos() {
    return goneNanos;
  }

  /** Whether it is in all its tickets and has nothing left to send. */
  boolean settled() {
    return outbox.isEmpty() && allSeated() && visits.stream().allMatch(Visit::done);
  }

  Map<String, Place> places() {
    return places;
  }

  /** From now on it keeps what it is told of unread messages. */
  void lookBack() {
    unread.lookBack();
  }

  /** Writes how many messages it was last told it has not read, of tickets it has not joined. */
  void writeUnread() {
    unread.write(pen, who.user());
  }

  void writeViews() {
    who.tickets().stream()
        .map(places::get)
        .forEach(place ->
            pen.last(new Final.View(place.ticket, place.epoch(), List.copyOf(place.view()))));
  }

  @Override
  public String toString() {
    return who.name() + " " + connection + (outbox.isEmpty() ? "" : ", with messages to send");
  }

  static ObjectNode ticket(String ticket) {
    return Door.JSON.createObjectNode().put("ticket_id", ticket);
  }
}
