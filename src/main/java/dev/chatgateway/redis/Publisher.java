package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/** Publishes what no script does along with a change. */
public final class Publisher {
  private Publisher() {}

  /** Publishes to a channel; whoever isn't subscribed at that moment never hears it. */
  public static Future<Reply> publish(RedisLink link, String channel, byte[] payload) {
    return link.send(channel, Request.cmd(Command.PUBLISH).arg(channel).arg(payload));
  }
}
