package dev.chatgateway.presence;

import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.UserScripts;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is stored of a user.
 *
 * <ul>
 *   <li>{@code {u:<id>}:conns}: hash, connection to the pod that holds it
 *   <li>{@code {u:<id>}:state}: hash, {@code seen} (when last connected), {@code revoked} (tokens
 *       issued up to then are refused), {@code closed} (connections older than that end), {@code
 *       away} (until when the user is expected back, and counts as connected); ms
 *   <li>{@code {u:<id>}:tickets}: sorted set, the tickets the user follows by when they joined
 *   <li>{@code {u:<id>}:rate}: string, state of the user's message rate; lives a second or so
 * </ul>
 *
 * All but the last live for {@code chat.presence.lifetime} after their last change.
 */
public final class UserStore {
  private static final LuaScript CONNECT = LuaScript.load("presence/connect");
  private static final LuaScript DISCONNECT = LuaScript.load("presence/disconnect");
  private static final LuaScript SWEEP = LuaScript.load("presence/sweep");
  private static final LuaScript FOLLOW = LuaScript.load("presence/follow");
  private static final LuaScript UNFOLLOW = LuaScript.load("presence/unfollow");
  private static final LuaScript CLOSE = LuaScript.load("presence/close");
  private static final LuaScript EVENT = LuaScript.load("presence/event");
  private static final LuaScript GET = LuaScript.load("presence/get");
  private static final LuaScript SPEND = LuaScript.load("presence/spend");

  private final UserScripts scripts;
  private final PresenceConfig config;

  public UserStore(UserScripts scripts, PresenceConfig config) {
    this.scripts = scripts;
    this.config = config;
  }

  /** What became of a connection that was to be made known. */
  public enum Admission {
    OK,
    /** The token was issued before the user's tokens were revoked. */
    REVOKED,
    /** The connection is older than the order to close the user's connections. */
    CLOSED,
    /** The user has too many connections. */
    FULL
  }

  /**
   * A connection as the store knows it.
   *
   * @param nowMs Redis's time
   * @param connections how many the user has, on all pods together
   * @param tickets what the user follows, newest first
   */
  public record Connected(Admission admission, long nowMs, int connections, List<String> tickets) {}

  /**
   * Makes a connection known, or known again.
   *
   * @param issuedAtMs when its token was issued
   * @param knownSinceMs when it was first made known; 0 where it is new
   * @param formers members that it was before, which it is no longer
   */
  Future<Connected> connect(
      RedisLink link,
      String userId,
      String member,
      String podId,
      long issuedAtMs,
      int allowed,
      long knownSinceMs,
      List<String> formers) {
    return scripts
        .call(
            link,
            CONNECT,
            userId,
            userId,
            member,
            podId,
            issuedAtMs,
            allowed,
            knownSinceMs,
            config.followedTickets(),
            formers)
        .map(UserStore::connected);
  }

  private static Connected connected(Reply reply) {
    return switch (reply.at(0).text()) {
      case "ok" -> {
        List<String> all = reply.texts();
        yield new Connected(
            Admission.OK,
            reply.at(1).number(),
            (int) reply.at(2).number(),
            List.copyOf(all.subList(3, all.size())));
      }
      case "revoked" -> new Connected(Admission.REVOKED, 0, 0, List.of());
      case "closed" -> new Connected(Admission.CLOSED, 0, 0, List.of());
      default -> new Connected(Admission.FULL, 0, 0, List.of());
    };
  }

  /**
   * A connection has gone.
   *
   * @param members what it is and was
   * @param expectedMs for how long the user counts as connected still
   */
  Future<Reply> disconnect(RedisLink link, String userId, Set<String> members, long expectedMs) {
    return scripts.call(link, DISCONNECT, userId, userId, expectedMs, members);
  }

  /** Takes a dead incarnation's connections out; gives how many there were. */
  Future<Long> sweep(RedisLink link, String userId, String incarnation) {
    return scripts.call(link, SWEEP, userId, userId, incarnation).map(Reply::number);
  }

  /** The user follows that ticket from now on, on all pods. */
  public Future<Reply> follow(RedisLink link, String userId, String ticketId) {
    return scripts.call(link, FOLLOW, userId, userId, ticketId, config.followedTickets());
  }

  /** The user follows that ticket no longer. */
  public Future<Reply> unfollow(RedisLink link, String userId, String ticketId) {
    return scripts.call(link, UNFOLLOW, userId, userId, ticketId);
  }

  /**
   * Orders all connections of a user to end.
   *
   * @param refuseTokensUpToMs tokens issued up to then are refused; 0 for none, -1 for up to now
   * @return how many connections there are
   */
  public Future<Long> close(RedisLink link, String userId, long refuseTokensUpToMs) {
    return scripts
        .callDurably(
            link,
            CLOSE,
            userId,
            userId,
            refuseTokensUpToMs,
            Duration.ofDays(30).toMillis(),
            System.currentTimeMillis())
        .map(Reply::number);
  }

  /** Sends an event to all connections of a user; gives how many there are. */
  public Future<Long> event(RedisLink link, String userId, String event, byte[] data) {
    return scripts.call(link, EVENT, userId, userId, event, data).map(Reply::number);
  }

  /**
   * A user's presence.
   *
   * @param lastSeenMs 0 where the user has never been seen
   */
  public record Presence(int connections, long lastSeenMs) {}

  public Future<Presence> presence(RedisLink link, String userId) {
    return scripts
        .call(link, GET, userId)
        .map(reply -> new Presence((int) reply.at(0).number(), reply.at(1).number()));
  }

  /** Takes one event off a user's rate on all pods; gives the ms to wait, 0 where it may pass. */
  public Future<Long> spend(RedisLink link, String userId, int perSecond, int burst) {
    double interval = 1000.0 / perSecond;
    return scripts.call(link, SPEND, userId, interval, interval * (burst - 1)).map(Reply::number);
  }
}
