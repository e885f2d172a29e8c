package dev.chatgateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ClientEvent;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.Ids;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.ServerEvents;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a client may ask, whichever door it came through: finds the handler, keeps the rates, and
 * tells the outcome, as a reply to whoever asked for one and else as an event.
 */
public final class Inbound {
  private static final byte[] NOTHING =
      new JsonWriter().beginObject().endObject().toBytes();
  private static final int AROUND_ANSWER = 100;
  private static final int LARGEST_ERROR = 1024;

  // What counts as one frame in the rate of frames.
  private static final int FRAME_LENGTH = 16_384;

  private final LimitsConfig limits;
  private final int pageBytes;
  private final Map<ClientEvent, EventHandler> handlers = new EnumMap<>(ClientEvent.class);
  private final RateLimit frames;
  private final Map<Session.Limited, RateLimit> rates = new EnumMap<>(Session.Limited.class);

  /**
   * @param pageBytes what an answer takes that may be large, about
   */
  public Inbound(LimitsConfig limits, int pageBytes) {
    this.limits = limits;
    this.pageBytes = pageBytes;
    frames = new RateLimit(limits.frames());
    rates.put(Session.Limited.MESSAGES, new RateLimit(limits.messages()));
    rates.put(Session.Limited.JOINS, new RateLimit(limits.joins()));
    rates.put(Session.Limited.TYPING, new RateLimit(limits.typing()));
  }

  /** Sets who handles an event. Before any session opens. */
  public void register(ClientEvent event, EventHandler handler) {
    handlers.put(event, handler);
  }

  /**
   * A frame that could not be read: the client is told, and it counts.
   *
   * @param data what could be read of its data; null for nothing
   */
  public void bad(Session session, ReplyTo replyTo, ObjectNode data, ChatException problem) {
    session.heard();
    tell(session, replyTo, null, data, problem);
  }

  /**
   * An event from a client. Call on the session's loop.
   *
   * @param name the event's name as the client wrote it
   * @param length bytes or characters of the frame; a long one counts as several frames
   * @param replyTo null where the client asked for no reply
   */
  public void received(Session session, String name, int length, ObjectNode data, ReplyTo replyTo) {
    session.heard();
    ClientEvent event;
    try {
      long now = System.nanoTime();
      spend(session, Session.Limited.FRAMES, frames, now);
      for (int rest = length; rest > FRAME_LENGTH; rest -= FRAME_LENGTH) {
        long[] arrivals = session.arrivals();
        int place = Session.Limited.FRAMES.ordinal();
        arrivals[place] = frames.next(arrivals[place], now);
      }
      event = ClientEvent.of(name);
      Session.Limited limited = limited(event);
      if (limited != null) {
        spend(session, limited, rates.get(limited), now);
      }
    } catch (ChatException problem) {
      tell(session, replyTo, name, data, problem);
      return;
    }
    Turns turns = session.turns();
    boolean taken = turns.enqueue(
        () -> handle(session, event, data, replyTo),
        turns.isBusy() ? size(data) : 0,
        limits.inboundQueue(),
        limits.inboundQueueBytes().asLongValue());
    if (!taken) {
      tell(
          session,
          replyTo,
          name,
          data,
          ChatException.rateLimited("too many frames waiting for their turn", turns.waitMs()));
    }
  }

  /** What a value takes in memory, about. */
  private static int size(JsonNode node) {
    int size = 64 + (node.isTextual() ? 2 * node.textValue().length() : 0);
    for (JsonNode inside : node) {
      size += size(inside);
    }
    return size;
  }

  private static void spend(Session session, Session.Limited what, RateLimit limit, long nowNanos) {
    long[] arrivals = session.arrivals();
    int place = what.ordinal();
    long wait = limit.waitNanos(arrivals[place], nowNanos);
    if (wait > 0) {
      long promised = session.promise(what, nowNanos, wait, limit.intervalNanos());
      throw ChatException.rateLimited(
          "too many " + what.name().toLowerCase(Locale.ROOT), promised / 1_000_000 + 1);
    }
    arrivals[place] = limit.next(arrivals[place], nowNanos);
  }

  private static Session.Limited limited(ClientEvent event) {
    return switch (event) {
      case SEND_MESSAGE -> Session.Limited.MESSAGES;
      case JOIN_TICKET_CHAT -> Session.Limited.JOINS;
      case TYPING_START, TYPING_STOP -> Session.Limited.TYPING;
      default -> null;
    };
  }

  private void handle(Session session, ClientEvent event, ObjectNode data, ReplyTo replyTo) {
    Place place = new Place();
    work(
        session,
        event.wire(),
        () -> {
          Fields fields = Fields.of(data, "data", event.fields());
          requireToken(session, event);
          Future<Outlet.Claim> claim = claim(session, event);
          return claim == null
              ? handlers.get(event).handle(session, fields)
              : claim.compose(granted -> {
                place.claim = granted;
                if (session.isClosed()) {
                  throw ChatException.unavailable(); // nobody is there to hear it
                }
                requireToken(session, event); // it may have taken long
                return handlers.get(event).handle(session, fields);
              });
        },
        result -> place.used = succeed(session, replyTo, event, result, place.claim != null),
        problem -> tell(session, replyTo, event.wire(), data, problem),
        place::leave);
  }

  /** The place in the outbound queue that an answer has, where it may be large. */
  private static final class Place {
    private Outlet.Claim claim;
    private int used;

    void leave() {
      if (claim != null) {
        claim.settle(used);
      }
    }
  }

  /** A place for the answer; null where that is small. */
  private Future<Outlet.Claim> claim(Session session, ClientEvent event) {
    return switch (event) {
      case JOIN_TICKET_CHAT -> session.outlet().claim(pageBytes);
      case GET_MESSAGES, GET_PARTICIPANTS, GET_TYPING_USERS, GET_MESSAGE_STATUS ->
        session.outlet().claimNow(pageBytes);
      default -> null;
    };
  }

  private static void requireToken(Session session, ClientEvent event) {
    if (event == ClientEvent.CHAT_AUTHENTICATE) {
      return;
    }
    if (session.principal() == null) {
      throw new ChatException(
          ErrorCode.UNAUTHENTICATED, "send chat_authenticate with your token first");
    }
    if (session.isTokenOver()) {
      throw ChatException.unavailable(); // until the newer token can be stored
    }
  }

  /** Does something for a session in its turn, as an event from it would be. On its loop. */
  public void run(
      Session session,
      Supplier<Future<byte[]>> action,
      Consumer<byte[]> success,
      Consumer<ChatException> failure) {
    session.turns().enqueue(() -> work(session, "handshake", action, success, failure, () -> {}));
  }

  private static void work(
      Session session,
      String name,
      Supplier<Future<byte[]>> action,
      Consumer<byte[]> success,
      Consumer<ChatException> failure,
      Runnable last) {
    Future<byte[]> outcome;
    try {
      outcome = session.isClosed() ? Future.failedFuture("closed") : action.get();
    } catch (RuntimeException problem) {
      outcome = Future.failedFuture(problem);
    } catch (Throwable failed) {
      session.failed(name, failed);
      outcome = Future.failedFuture(failed);
    }
    outcome.onComplete(done -> {
      try {
        if (!session.isClosed()) {
          session.attempt(name, () -> tellOutcome(session, name, done, success, failure));
        }
        session.attempt(name, last);
      } finally {
        session.turns().done(); // whatever has happened, or the client would be mute
      }
    });
  }

  private static void tellOutcome(
      Session session,
      String name,
      AsyncResult<byte[]> done,
      Consumer<byte[]> success,
      Consumer<ChatException> failure) {
    if (done.succeeded()) {
      success.accept(done.result());
      return;
    }
    ChatException problem = Failures.toldToClient(done.cause(), session.id(), name);
    failure.accept(problem);
    if (done.cause() instanceof Error) {
      session.close(CloseCode.INTERNAL);
    }
  }

  /**
   * @param claimed whether there is a place for the answer
   * @return the bytes sent, about
   */
  private static int succeed(
      Session session, ReplyTo replyTo, ClientEvent event, byte[] data, boolean claimed) {
    if (replyTo != null) {
      byte[] answer = data == null ? NOTHING : data;
      int size = answer.length + AROUND_ANSWER;
      if (claimed || session.keepsUp(size)) {
        replyTo.success(answer);
      }
      return size;
    }
    if (event.successEvent() == null || data == null) {
      return 0;
    }
    ServerEvent told = new ServerEvent(event.successEvent(), data);
    if (claimed) {
      session.sendClaimed(told);
    } else {
      session.send(told);
    }
    return Session.size(told);
  }

  private void tell(
      Session session, ReplyTo replyTo, String event, ObjectNode data, ChatException problem) {
    if (session.isClosed()) {
      return;
    }
    session.count(problem.code());
    if (!session.keepsUp(LARGEST_ERROR)) {
      return;
    }
    if (replyTo != null) {
      replyTo.failure(problem);
    } else {
      String shown = event == null || event.length() <= 64 ? event : event.substring(0, 64);
      session.send(ServerEvents.error(problem, shown, ticketOf(data)));
    }
    if (problem.closeCode() != null) {
      session.close(problem.closeCode(), problem.closeReason());
      return;
    }
    switch (problem.code()) {
      case BAD_REQUEST, UNKNOWN_EVENT, UNAUTHENTICATED, INVALID_TOKEN, IDENTITY_MISMATCH ->
        session.countBad(limits.badFrames());
      case RATE_LIMITED -> session.countRefused(limits.refusedFrames());
      default -> {}
    }
  }

  private static String ticketOf(ObjectNode data) {
    JsonNode id = data == null ? null : data.get("ticket_id");
    if (id == null || id.isNull()) {
      return null;
    }
    try {
      return Ids.of(id, "ticket_id");
    } catch (ChatException none) {
      return null;
    }
  }
}
