package dev.chatgateway.presence;

import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.Publisher;
import dev.chatgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Events for all connections of the support staff. */
public final class AdminEvents {
  private final String channel;

  public AdminEvents(Keys keys) {
    this.channel = keys.allPodsChannel();
  }

  /**
   * Sends an event to them, on all pods; data is one JSON object. Nobody knows how many there are:
   * each pod tells its own.
   */
  public Future<Void> send(RedisLink link, String event, byte[] data) {
    byte[] head = ("1 a " + event + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream envelope = new ByteArrayOutputStream(head.length + data.length);
    envelope.writeBytes(head);
    envelope.writeBytes(data);
    return Publisher.publish(link, channel, envelope.toByteArray()).mapEmpty();
  }
}
