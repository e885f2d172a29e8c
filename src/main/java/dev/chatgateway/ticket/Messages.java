package dev.chatgateway.ticket;

import dev.chatgateway.auth.Principal;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonWriter;
import dev.chatgateway.protocol.Timestamps;
import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.TicketScripts;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.session.Seat;
import dev.chatgateway.session.Session;
import dev.chatgateway.tracing.MessageSpan;
import dev.chatgateway.tracing.Tracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Accepts messages. A message is accepted when one script has numbered it, kept it, given it its
 * status and published it.
 *
 * <p>Keys: {@code {t:<id>}:meta}, hash with {@code epoch}, {@code seq} and {@code rev} (numbers of
 * the newest message and of the newest other event), {@code closed}, {@code kept} (how many messages the log keeps),
 * {@code renewed} (when the lifetimes of all keys were renewed), {@code dedupe_since}, {@code
 * dedupe_turned} and {@code dedupe_for} (when deduplication began a generation, whether there was one
 * before, and for how long both last); {@code
 * …:log}, stream of the newest messages, whose ids are {@code seq-0}; {@code …:events}, stream of
 * the newest other events, whose ids are {@code rev-0}; {@code …:ids}, hash of message ids that the
 * ticket system chose to their seq; {@code …:dedupe} and {@code …:dedupe_old}, hashes of what a
 * retry is known by ({@link DedupeKey}) to the first result, {@code seq sent_at_ms id}, and of {@code
 * n <user>} to how many of the user's are there and when the newest was written. All live as the
 * ticket does.
 */
public final class Messages {
  private static final LuaScript SEND = LuaScript.load("ticket/send");
  private static final int MAX_CLIENT_ID = 64;

  private final TicketScripts scripts;
  private final Rooms rooms;
  private final TicketConfig config;
  private final LimitsConfig limits;
  private final String notifications;
  private final Function<Session, Future<Void>> spendOfUser;
  private final Typed typed;
  private final Counter accepted;
  private final Counter duplicates;
  private final Tracing tracing;

  /**
   * @param spendOfUser takes a message off the rate of the session's user; fails with {@code
   *     rate_limited}
   * @param typed hears of typists whose message was accepted
   */
  public Messages(
      TicketScripts scripts,
      Keys keys,
      Rooms rooms,
      TicketConfig config,
      LimitsConfig limits,
      Function<Session, Future<Void>> spendOfUser,
      Typed typed,
      MeterRegistry registry,
      Tracing tracing) {
    this.scripts = scripts;
    this.rooms = rooms;
    this.config = config;
    this.limits = limits;
    this.notifications = keys.allPodsChannel();
    this.spendOfUser = spendOfUser;
    this.typed = typed;
    this.tracing = tracing;
    this.accepted = Counter.builder("chat.messages.accepted")
        .description("Messages stored and published")
        .register(registry);
    this.duplicates = Counter.builder("chat.messages.duplicate")
        .description("Retries of messages that had been accepted")
        .register(registry);
  }

  /** Hears that a user who was typing has sent a message. */
  @FunctionalInterface
  public interface Typed {
    void ended(RedisLink link, String ticketId, String userId);
  }

  /**
   * What came of a message.
   *
   * @param duplicate whether it had been accepted before; the rest is then of that first time
   */
  public record Accepted(
      String ticketId, String id, long seq, String epoch, long sentAtMs, boolean duplicate) {
    /** The data of {@code message_accepted}. */
    public byte[] json() {
      return new JsonWriter()
          .beginObject()
          .field("id", id)
          .idField("ticket_id", ticketId)
          .field("seq", seq)
          .field("epoch", epoch)
          .field("sent_at", Timestamps.iso(sentAtMs))
          .field("status", Status.SENT.wire())
          .field("duplicate", duplicate)
          .endObject()
          .toBytes();
    }
  }

  /** A client sends a message: {@code send_message}. */
  public Future<byte[]> send(Session session, Fields data) {
    String ticketId = data.id("ticket_id");
    Content content = content(data);
    String clientId = clientId(data);
    Seat seat = rooms.requireSeat(session, ticketId);
    Principal who = session.principal();
    byte[] body = body(who.userId(), who.userName(), who.admin(), content, clientId);
    byte[] key = clientId == null ? DedupeKey.NONE : DedupeKey.ofClientId(who.userId(), clientId);
    byte[] notice = notice(ticketId, who.userName(), content);
    MessageSpan span = tracing.accept(ticketId, null);
    RedisLink link = session.loop().redis();
    return span.until(spendOfUser
        .apply(session)
        .compose(spent -> rooms.asMember(
            seat,
            member -> call(link, ticketId, member, who.userId(), key, null, body, notice, span)))
        .map(reply -> accepted(link, ticketId, who.userId(), reply, span).json()));
  }

  /**
   * Who a message of the ticket system is from, and what a retry of it is known by.
   *
   * @param id the message's id; null to have one made
   * @param key what a retry is known by besides the id; null for none
   */
  public record Author(String id, String key, String userId, String userName, boolean admin) {}

  /**
   * The ticket system publishes a message.
   *
   * @param traceparent what the call is a part of, in the words of the W3C; null for none
   */
  public Future<Accepted> publish(
      RedisLink link, String ticketId, Author author, Fields fields, String traceparent) {
    Content content = content(fields);
    byte[] body = body(author.userId(), author.userName(), author.admin(), content, null);
    byte[] notice = notice(ticketId, author.userName(), content);
    MessageSpan span = tracing.accept(ticketId, traceparent);
    return span.until(call(
            link,
            ticketId,
            "",
            author.userId(),
            author.key() == null ? DedupeKey.NONE : DedupeKey.ofIdempotencyKey(author.key()),
            author.id(),
            body,
            notice,
            span)
        .map(reply -> accepted(link, ticketId, author.userId(), reply, span)));
  }

  private Future<Reply> call(
      RedisLink link,
      String ticketId,
      String member,
      String userId,
      byte[] key,
      String id,
      byte[] body,
      byte[] notice,
      MessageSpan span) {
    Object[] args = {
      member,
      userId,
      key,
      id == null ? "" : id,
      body,
      config.history(),
      config.dedupe().toMillis(),
      notifications,
      notice,
      id == null ? DedupeKey.NONE : DedupeKey.ofId(id),
      config.dedupePerUser()
    };
    String traceparent = span.traceparent();
    if (traceparent != null) {
      args = Arrays.copyOf(args, args.length + 1);
      args[args.length - 1] = traceparent;
    }
    return scripts.callDurably(link, SEND, ticketId, args);
  }

  private Accepted accepted(
      RedisLink link, String ticketId, String userId, Reply reply, MessageSpan span) {
    String outcome = reply.at(0).text();
    if (outcome.equals("closed")) {
      throw new ChatException(
          ErrorCode.TICKET_CLOSED, "the ticket is closed and takes no more messages");
    }
    if (outcome.equals("full")) {
      throw ChatException.rateLimited(
          "more than " + config.dedupePerUser() + " messages with a client_id in this ticket",
          reply.at(1).number());
    }
    boolean duplicate = outcome.equals("duplicate");
    (duplicate ? duplicates : accepted).increment();
    span.accepted(reply.at(1).number(), duplicate);
    if (!duplicate && reply.at(5).number() == 1) {
      typed.ended(link, ticketId, userId);
    }
    return new Accepted(
        ticketId,
        reply.at(4).text(),
        reply.at(1).number(),
        reply.at(2).text(),
        reply.at(3).number(),
        duplicate);
  }

  private static String clientId(Fields data) {
    String clientId = data.optionalString("client_id", MAX_CLIENT_ID);
    if (clientId != null && clientId.isEmpty()) {
      throw ChatException.badRequest(
          data.path("client_id"), "must not be empty; leave it out for a message without one");
    }
    return clientId;
  }

  private record Content(String text, byte[] data) {}

  private Content content(Fields fields) {
    String text = fields.optionalString("text", limits.textLength());
    byte[] data = fields.optionalJson("data", limits.data().asLongValue());
    if (data == null && (text == null || text.isEmpty())) {
      throw ChatException.badRequest(fields.path("text"), "is required where there is no data");
    }
    return new Content(text, data);
  }

  private static byte[] body(
      String userId, String userName, boolean admin, Content content, String clientId) {
    JsonWriter json = new JsonWriter(
            192 + (content.text() == null ? 0 : content.text().length()))
        .beginObject()
        .idField("user_id", userId)
        .field("user_name", userName)
        .field("is_admin", admin)
        .field("text", content.text())
        .name("data");
    if (content.data() == null) {
      json.value(null);
    } else {
      json.raw(content.data());
    }
    return json.field("client_id", clientId).endObject().toBytes();
  }

  /** Ticket, author's name and the beginning of the text, for who isn't in the room. */
  private byte[] notice(String ticketId, String userName, Content content) {
    String text = content.text() == null ? "" : content.text();
    // Cut first: the rest may be long.
    String head = text.codePoints()
        .limit(config.preview())
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    return (ticketId + "\n" + userName + "\n" + head).getBytes(StandardCharsets.UTF_8);
  }
}
