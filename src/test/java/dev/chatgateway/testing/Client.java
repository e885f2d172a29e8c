package dev.chatgateway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A chat client of a test, whichever way it reaches the gateway. Everything it receives is kept in
 * order. Methods that wait do so on what is received, and fail with what came instead. Safe to use
 * from several threads.
 */
public abstract class Client implements AutoCloseable {
  /** How long the waiting methods wait unless told otherwise. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  protected static final ObjectMapper JSON = new ObjectMapper();

  /**
   * An event from the gateway.
   *
   * @param name the event's name
   * @param data its data
   */
  public record Event(String name, JsonNode data) {}

  /**
   * The connection's end.
   *
   * @param code the close code; 1006 where the connection ended without one
   * @param reason what was said with it
   */
  public record Closed(int code, String reason) {}

  private final List<Event> events = new ArrayList<>();
  private final List<Boolean> taken = new ArrayList<>();
  private final Map<String, JsonNode> replies = new HashMap<>();
  private long lastRef;
  private Closed closed;

  // --- sending

  /** Sends one whole frame, as it is. */
  public abstract void sendText(String frame);

  /** Sends an event that asks for no reply. */
  public void send(String event, Object data) {
    send(event, null, data);
  }

  /**
   * Sends an event.
   *
   * @param ref what the reply is to bear, a number or a string; null for no reply
   * @param data anything Jackson makes an object of: a map, a record, a node; or null
   */
  public void send(String event, Object ref, Object data) {
    ObjectNode frame = JSON.createObjectNode().put("event", event);
    if (ref != null) {
      frame.set("ref", JSON.valueToTree(ref));
    }
    if (data != null) {
      frame.set("data", JSON.valueToTree(data));
    }
    sendText(frame.toString());
  }

  /** Asks and waits for the reply: {@code {"ref":…,"ok":…,"data" or "error":…}}. */
  public JsonNode request(String event, Object data) {
    return request(event, data, PATIENCE);
  }

  public JsonNode request(String event, Object data, Duration patience) {
    return awaitReply(ask(event, data), patience);
  }

  /** Asks without waiting; the answer is for {@link #awaitReply}. */
  public long ask(String event, Object data) {
    long ref;
    synchronized (events) {
      ref = ++lastRef;
    }
    send(event, ref, data);
    return ref;
  }

  /** Waits for the reply that bears that ref. */
  public JsonNode awaitReply(Object ref, Duration patience) {
    String key = JSON.valueToTree(ref).toString();
    return await("the reply to " + key, patience, () -> replies.remove(key));
  }

  /** Asks, requires that it is granted, and returns the reply's data. */
  public JsonNode ok(String event, Object data) {
    JsonNode reply = request(event, data);
    if (!reply.path("ok").asBoolean()) {
      throw new AssertionError(event + " was refused: " + reply);
    }
    return reply.get("data");
  }

  /** Asks, requires that it is refused, and returns the reply's error. */
  public JsonNode refused(String event, Object data) {
    JsonNode reply = request(event, data);
    if (reply.path("ok").asBoolean()) {
      throw new AssertionError(event + " was granted: " + reply);
    }
    return reply.get("error");
  }

  // --- what tests do most

  /** Presents the token and requires that it is taken. */
  public JsonNode authenticate(String token) {
    return ok("chat_authenticate", Map.of("token", token));
  }

  /** Joins and requires that it may. */
  public JsonNode join(Object ticketId) {
    return ok("join_ticket_chat", Map.of("ticket_id", ticketId));
  }

  /** Sends a message and requires that it is stored. */
  public JsonNode say(Object ticketId, String text) {
    return ok("send_message", Map.of("ticket_id", ticketId, "text", text));
  }

  // --- receiving

  /** Waits for an event of that name. An event is given by these methods only once. */
  public JsonNode awaitEvent(String name) {
    return awaitEvent(name, any -> true);
  }

  /** Waits for an event of that name whose data is such. Events before it stay to be given. */
  public JsonNode awaitEvent(String name, Predicate<JsonNode> such) {
    return awaitEvent(name, such, PATIENCE);
  }

  public JsonNode awaitEvent(String name, Predicate<JsonNode> such, Duration patience) {
    return await("the event " + name, patience, () -> {
      for (int i = 0; i < events.size(); i++) {
        Event event = events.get(i);
        if (!taken.get(i) && event.name().equals(name) && such.test(event.data())) {
          taken.set(i, true);
          return event.data();
        }
      }
      return null;
    });
  }

  /** All events so far, in the order they came. */
  public List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** The data of all events of that name so far, in the order they came. */
  public List<JsonNode> events(String name) {
    return events().stream()
        .filter(event -> event.name().equals(name))
        .map(Event::data)
        .toList();
  }

  /** Waits until the connection has ended. */
  public Closed awaitClose() {
    return awaitClose(PATIENCE);
  }

  public Closed awaitClose(Duration patience) {
    return await("the end of the connection", patience, () -> closed);
  }

  public boolean isClosed() {
    synchronized (events) {
      return closed != null;
    }
  }

  /** Ends the connection without a word, as a dead network would. */
  public abstract void abort();

  /** Ends the connection in order. */
  @Override
  public abstract void close();

  // --- for the ways to the gateway

  /** A frame has come: an event or a reply. */
  protected void received(String frame) {
    JsonNode node;
    try {
      node = JSON.readTree(frame);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + frame, e);
    }
    if (node.has("event")) {
      received(new Event(node.get("event").asText(), node.get("data")));
    } else {
      synchronized (events) {
        replies.put(String.valueOf(node.get("ref")), node);
        events.notifyAll();
      }
    }
  }

  protected void received(Event event) {
    synchronized (events) {
      events.add(event);
      taken.add(false);
      events.notifyAll();
    }
  }

  protected void ended(int code, String reason) {
    synchronized (events) {
      if (closed == null) {
        closed = new Closed(code, reason);
      }
      events.notifyAll();
    }
  }

  private <T> T await(String what, Duration patience, Supplier<T> look) {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (events) {
      while (true) {
        T found = look.get();
        if (found != null) {
          return found;
        }
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0 || closed != null) {
          throw new AssertionError(what + " did not come"
              + (closed == null ? " in " + patience.toMillis() + " ms" : ": " + closed)
              + "; events so far: " + events + "; replies not asked for: " + replies);
        }
        try {
          events.wait(leftMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError(what + ": interrupted", e);
        }
      }
    }
  }
}
