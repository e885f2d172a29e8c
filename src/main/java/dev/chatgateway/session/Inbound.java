package dev.chatgateway.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ClientEvent;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.ServerEvent;
import dev.chatgateway.protocol.ServerEvents;
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

  // What counts as one frame in the rate of frames.
  private static final int FRAME_LENGTH = 16_384;

  private final LimitsConfig limits;
  private final Map<ClientEvent, EventHandler> handlers = new EnumMap<>(ClientEvent.class);
  private final RateLimit frames;
  private final Map<Session.Limited, RateLimit> rates = new EnumMap<>(Session.Limited.class);

  public Inbound(LimitsConfig limits) {
    this.limits = limits;
    frames = new RateLimit(limits.frames());
    rates.put(Session.Limited.MESSAGES, new RateLimit(limits.messages()));
    rates.put(Session.Limited.JOINS, new RateLimit(limits.joins()));
    rates.put(Session.Limited.TYPING, new RateLimit(limits.typing()));
  }

  /** Sets who handles an event. Before any session opens. */
  public void register(ClientEvent event, EventHandler handler) {
    handlers.put(event, handler);
  }

  /** A frame that could not be read: the client is told, and it counts. */
  public void bad(Session session, ReplyTo replyTo, ChatException problem) {
    session.heard();
    tell(session, replyTo, null, problem);
  }

  /**
   * An event from a client. Call on the session's loop.
   *
   * @param name the event's name as the client wrote it
   * @param length bytes or characters of the frame; a long one counts as several frames
   * @param replyTo null where the client asked for no reply
   */
  public void received(
      Session session, String name, int length, ObjectNode data, ReplyTo replyTo) {
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
      tell(session, replyTo, name, problem);
      return;
    }
    boolean taken =
        session.turns().enqueue(() -> handle(session, event, data, replyTo), limits.inboundQueue());
    if (!taken) {
      tell(
          session,
          replyTo,
          name,
          ChatException.rateLimited("too many frames waiting for their turn", 100));
    }
  }

  private static void spend(Session session, Session.Limited what, RateLimit limit, long nowNanos) {
    long[] arrivals = session.arrivals();
    int place = what.ordinal();
    long wait = limit.waitNanos(arrivals[place], nowNanos);
    if (wait > 0) {
      throw ChatException.rateLimited(
          "too many " + what.name().toLowerCase(Locale.ROOT), wait / 1_000_000 + 1);
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
    work(
        session,
        event.wire(),
        () -> {
          Fields fields = Fields.of(data, "data", event.fields());
          if (session.principal() == null && event != ClientEvent.CHAT_AUTHENTICATE) {
            throw new ChatException(
                ErrorCode.UNAUTHENTICATED, "send chat_authenticate with your token first");
          }
          if (session.isTokenOver() && event != ClientEvent.CHAT_AUTHENTICATE) {
            throw ChatException.unavailable(); // until the newer token can be stored
          }
          return handlers.get(event).handle(session, fields);
        },
        result -> succeed(session, replyTo, event, result),
        problem -> tell(session, replyTo, event.wire(), problem));
  }

  /** Does something for a session in its turn, as an event from it would be. On its loop. */
  public void run(
      Session session,
      Supplier<Future<byte[]>> action,
      Consumer<byte[]> success,
      Consumer<ChatException> failure) {
    session
        .turns()
        .enqueue(() -> work(session, "handshake", action, success, failure), limits.inboundQueue());
  }

  private static void work(
      Session session,
      String name,
      Supplier<Future<byte[]>> action,
      Consumer<byte[]> success,
      Consumer<ChatException> failure) {
    if (session.isClosed()) {
      return;
    }
    Future<byte[]> outcome;
    try {
      outcome = action.get();
    } catch (RuntimeException problem) {
      outcome = Future.failedFuture(problem);
    }
    outcome.onComplete(done -> {
      if (!session.isClosed() && done.succeeded()) {
        success.accept(done.result());
      } else if (!session.isClosed()) {
        failure.accept(Failures.toldToClient(done.cause(), session.id(), name));
      }
      session.turns().done();
    });
  }

  private static void succeed(Session session, ReplyTo replyTo, ClientEvent event, byte[] data) {
    if (replyTo != null && session.keepsUp()) {
      replyTo.success(data == null ? NOTHING : data);
    } else if (replyTo == null && event.successEvent() != null && data != null) {
      session.send(new ServerEvent(event.successEvent(), data));
    }
  }

  private void tell(Session session, ReplyTo replyTo, String event, ChatException problem) {
    if (session.isClosed()) {
      return;
    }
    session.count(problem.code());
    if (!session.keepsUp()) {
      return;
    }
    if (replyTo != null) {
      replyTo.failure(problem);
    } else {
      String shown = event == null || event.length() <= 64 ? event : event.substring(0, 64);
      session.send(ServerEvents.error(problem, shown));
    }
    if (problem.closeCode() != null) {
      session.close(problem.closeCode(), problem.closeReason());
      return;
    }
    switch (problem.code()) {
      case BAD_REQUEST,
          UNKNOWN_EVENT,
          UNAUTHENTICATED,
          INVALID_TOKEN,
          IDENTITY_MISMATCH -> session.countBad(limits.badFrames());
      case RATE_LIMITED -> session.countRefused(limits.refusedFrames());
      default -> {}
    }
  }
}
