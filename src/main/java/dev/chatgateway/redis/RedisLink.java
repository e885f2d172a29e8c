package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.List;

/**
 * An event loop's way to Redis, be that one server or a cluster. All methods must be called on its
 * loop.
 */
public abstract class RedisLink {
  RedisLink() {}

  /** Whether commands are being taken, for any key. */
  public abstract boolean isUp();

  /** Whether commands for that key are being taken. */
  public abstract boolean isUp(String key);

  /**
   * Numbers such that each server that takes commands has the {@linkplain Keys#witness keys} of one
   * of them.
   */
  public abstract List<Integer> witnesses();

  /** What is to be done, on the loop, each time a connection to a server has been made. */
  public abstract void onUp(Up listener);

  /** Hears that a connection has been made. */
  public interface Up {
    /**
     * @param another whether that server has taken the place of the one before, and may lack what
     *     that had
     */
    void up(boolean another);
  }

  /**
   * Sends a command to the server that has the key.
   *
   * @param durable whether it succeeds only once {@link RedisConfig#waitReplicas()} replicas have it,
   *     too
   * @return its reply; failed with {@link RedisUnavailableException} where it was refused, or its
   *     outcome is unknown, and with {@link RedisErrorException} where Redis answered an error
   */
  abstract Future<Reply> send(String key, Request request, boolean durable);

  /** Sends a command that waits for no replica. */
  final Future<Reply> send(String key, Request request) {
    return send(key, request, false);
  }

  /** The command by which to publish to the channels that go with the key. */
  abstract String publishing(String key);
}
