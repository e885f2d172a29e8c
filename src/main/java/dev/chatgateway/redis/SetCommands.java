package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The few plain commands on sets that the features need. */
public final class SetCommands {
  private SetCommands() {}

  /** Adds members, and gives the set its lifetime from now on. */
  public static Future<Void> add(
      RedisLink link, String key, Collection<String> members, Duration lifetime) {
    if (members.isEmpty()) {
      return Future.succeededFuture();
    }
    Future<Reply> added = link.send(key, many(Command.SADD, key, members));
    return link.send(key, Request.cmd(Command.PEXPIRE).arg(key).arg(lifetime.toMillis()))
        .compose(expires -> added)
        .mapEmpty();
  }

  public static Future<Reply> remove(RedisLink link, String key, Collection<String> members) {
    return link.send(key, many(Command.SREM, key, members));
  }

  /** Up to so many members, whichever. */
  public static Future<List<String>> some(RedisLink link, String key, int count) {
    return link.send(key, Request.cmd(Command.SRANDMEMBER).arg(key).arg(count)).map(Reply::texts);
  }

  /** Up to so many members of a sorted set whose score is over that one, the lowest first. */
  public static Future<List<String>> above(RedisLink link, String key, long score, int count) {
    Request request =
        Request.cmd(Command.ZRANGEBYSCORE).arg(key).arg("(" + score).arg("+inf").arg("LIMIT");
    return link.send(key, request.arg(0).arg(count)).map(Reply::texts);
  }

  private static Request many(Command command, String key, Collection<String> members) {
    Request request = Request.cmd(command).arg(key);
    members.forEach(request::arg);
    return request;
  }
}
