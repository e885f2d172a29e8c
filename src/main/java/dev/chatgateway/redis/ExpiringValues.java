package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Optional;

/** Strings that are gone when nobody renews them. */
public final class ExpiringValues {
  private ExpiringValues() {}

  /** Sets the value, which lives that long from now on. */
  public static Future<Void> put(RedisLink link, String key, String value, Duration lifetime) {
    return link.send(
            key, Request.cmd(Command.SET).arg(key).arg(value).arg("PX").arg(lifetime.toMillis()))
        .mapEmpty();
  }

  /** The value, or empty where there is none any more. */
  public static Future<Optional<String>> get(RedisLink link, String key) {
    return link.send(key, Request.cmd(Command.GET).arg(key))
        .map(reply -> reply.isNull() ? Optional.empty() : Optional.of(reply.text()));
  }

  /** As {@link #get}, of a value that may be anybody's: what is over {@code max} bytes is cut off. */
  public static Future<Optional<String>> getAtMost(RedisLink link, String key, int max) {
    return link.send(key, Request.cmd(Command.GETRANGE).arg(key).arg(0).arg(max - 1))
        .map(Reply::text)
        .map(text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
  }
}
