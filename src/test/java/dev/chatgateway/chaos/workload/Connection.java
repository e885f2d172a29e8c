package dev.chatgateway.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Pen;
import dev.chatgateway.chaos.history.Result;
import dev.chatgateway.chaos.history.Seen;
import dev.chatgateway.chaos.history.Wire;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * A worker's connection, and each that takes its place: it comes back with backoff, or as it was told
 * to, unless it is not to come back. What happens to it is written down.
 */
final class Connection {
  private static final Set<Integer> FOR_GOOD = Set.of(1002, 1003, 1007, 1008, 1009, 4403);
  private static final int PATIENCE = 3;
  private static final int SIP = 5;
  private static final long OPENING_MS = 8000;

  /** Whose it is. */
  interface Owner {
    /** It can be asked things, and nobody has authenticated on it. */
    void opened();

    void heard(Seen seen);

    void closed();
  }

  /** Opens a transport to wherever this worker is to go. */
  interface Opening {
    Transport open(Persona who, Transport.Listener listener);

    /** The pod that it leads to, as histories name it; null where that is not known. */
    String pod(Transport transport);
  }

  private final Vertx vertx;
  private final Persona who;
  private final Pen pen;
  private final Opening opening;
  private final Random random;
  private final Owner owner;
  private final Backoff backoff;
  private Transport transport;
  private Asks asks;
  private String name;
  private boolean opened;
  private boolean byClient;
  private boolean ended;
  private boolean stalled;
  private boolean hungUp;
  private int count;
  private int unanswered;
  private long told = -1;

  Connection(Vertx vertx, Persona who, Pen pen, Opening opening, Random random, Owner owner) {
    this.vertx = vertx;
    this.who = who;
    this.pen = pen;
    this.opening = opening;
    this.random = random;
    this.owner = owner;
    backoff = new Backoff(random);
  }

  /** Connects, where it is not connected. */
  void connect() {
    if (transport != null || ended || hungUp) {
      return;
    }
    name = who.name() + "-" + ++count;
    opened = false;
    byClient = false;
    unanswered = 0;
    String mine = name;
    transport = opening.open(who, new Current(mine));
    vertx.setTimer(OPENING_MS, late -> {
      if (mine.equals(name) && !opened) {
        drop();
      }
    });
  }

  /** What an abandoned connection still says is not for its successor. */
  private final class Current implements Transport.Listener {
    private final String mine;

    Current(String mine) {
      this.mine = mine;
    }

    private boolean isCurrent() {
      return mine.equals(name);
    }

    @Override
    public void opened() {
      if (isCurrent()) {
        opened = true;
        pen.opened(name, who.user(), who.door().wire, opening.pod(transport));
        asks = new Asks(vertx, pen, name, transport);
        owner.opened();
      }
    }

    @Override
    public void received(String event, JsonNode data) {
      if (isCurrent()) {
        Seen seen = Wire.event(event, data);
        pen.saw(name, seen);
        if (seen instanceof Seen.Pod pod && pod.says().equals("reconnect")) {
          told = pod.delayMs();
        }
        owner.heard(seen);
      }
    }

    @Override
    public void replied(long ref, boolean ok, JsonNode body) {
      if (isCurrent()) {
        unanswered = 0;
        asks.replied(ref, ok, body);
      }
    }

    @Override
    public void closed(int code) {
      if (isCurrent()) {
        Connection.this.closed(code);
      }
    }
  }

  private void closed(int code) {
    if (opened) {
      asks.ended();
      pen.closed(name, code, byClient);
    }
    owner.closed();
    transport = null;
    asks = null;
    name = null;
    ended |= FOR_GOOD.contains(code);
    long delay = told >= 0 ? told : backoff.next();
    told = -1;
    vertx.setTimer(Math.max(1, delay), due -> connect());
  }

  /** All is well: should it end, the next one is not waited for long. */
  void proved() {
    backoff.reset();
  }

  /** Loses it without a word. */
  void drop() {
    if (transport != null) {
      byClient = true;
      transport.abort();
    }
  }

  /** Loses it, and does not come back. */
  void dropForGood() {
    ended = true;
    drop();
  }

  /** Ends it, in order where it is open, and does not come back. */
  void endForGood() {
    ended = true;
    if (opened) {
      roam();
    } else {
      drop();
    }
  }

  /** Loses it, and does not come back until {@link #comeBack}. */
  void hangUp() {
    hungUp = true;
    drop();
  }

  void comeBack() {
    hungUp = false;
    connect();
  }

  boolean isOver() {
    return ended;
  }

  /** Ends it in order, and comes back at once, perhaps to another pod. */
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

  // --- what is said on it

  /** Whether something may be said now. */
  boolean canSpeak() {
    return asks != null && !stalled;
  }

  void ask(
      Op op,
      String event,
      ObjectNode data,
      Function<JsonNode, Result> reading,
      Asks.Outcome outcome) {
    if (asks != null) {
      asks.ask(op, event, data, reading, outcome);
    }
  }

  /** Says something that is not to be answered. */
  void say(Op op, String event, ObjectNode data) {
    pen.invoke(name, op);
    transport.send(event, data, 0);
  }

  /** On this connection: later, unless it is gone by then. */
  void later(long ms, Runnable action) {
    String mine = name;
    vertx.setTimer(ms, due -> {
      if (asks != null && name.equals(mine)) {
        action.run();
      }
    });
  }

  /** On this connection later, where that may help; else by another. */
  void again(boolean retry, long afterMs, Runnable action) {
    if (retry) {
      later(Math.max(afterMs, 200 + random.nextInt(600)), action);
    } else {
      drop();
    }
  }

  /** A question ran out of time; a connection that lets several do so is given up. */
  void wasted() {
    if (++unanswered >= PATIENCE) {
      drop();
    }
  }

  @Override
  public String toString() {
    return (transport == null ? "without connection" : "on " + name) + (ended ? ", for good" : "");
  }
}
