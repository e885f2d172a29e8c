package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;

/** What a new connection asks its server before it is used. */
final class Greeting {
  private final Target target;
  private final boolean wantsSharded;

  /**
   * @param wantsSharded whether sharded channels are to be used where the server knows them
   */
  Greeting(Target target, boolean wantsSharded) {
    this.target = target;
    this.wantsSharded = wantsSharded;
  }

  /**
   * A server that may be used.
   *
   * @param sharded whether sharded channels are to be used with it; as each server is asked itself,
   *     who publishes there and who subscribes there agree
   */
  record Greeted(RedisConnection connection, boolean sharded) {}

  /** Fails where the server may not be used. */
  Future<Greeted> exchange(RedisConnection connection) {
    return requirePrimary(connection)
        .compose(primary -> knowsShardedChannels(connection))
        .map(sharded -> new Greeted(connection, sharded));
  }

  // A primary that Sentinel has deposed goes on for seconds, and what is written there is lost.
  private Future<Void> requirePrimary(RedisConnection connection) {
    if (!target.primaryOnly()) {
      return Future.succeededFuture();
    }
    return connection.send(Request.cmd(Command.ROLE)).compose(role -> {
      String name = role.get(0).toString();
      return name.equals("master")
          ? Future.succeededFuture()
          : Future.failedFuture("the server is not a primary but a " + name);
    });
  }

  private Future<Boolean> knowsShardedChannels(RedisConnection connection) {
    if (!wantsSharded || !target.holdsData()) {
      return Future.succeededFuture(false);
    }
    return connection
        .send(Request.cmd(Command.COMMAND).arg("INFO").arg("spublish"))
        .map(Greeting::isKnown)
        .recover(failure -> failure instanceof ErrorType error && mayNotAsk(error)
            ? Future.succeededFuture(false) // and so may not publish there either
            : Future.failedFuture(failure));
  }

  // Whoever took any other error for a no, one of a server that is busy for a while, would publish
  // where nobody listens.
  private static boolean mayNotAsk(ErrorType error) {
    return error.is("NOPERM") || error.getMessage().startsWith("ERR unknown command");
  }

  private static boolean isKnown(Response commands) {
    Response spublish = commands == null || commands.size() == 0 ? null : commands.get(0);
    return spublish != null && spublish.size() > 0;
  }
}
