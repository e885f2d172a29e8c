package dev.chatgateway.redis;

import io.vertx.redis.client.RedisOptions;

/** Which server a {@link Line} leads to; that may become another one. Safe to ask from any loop. */
interface Target {
  /**
   * How to dial the server; null where it is not known yet. The same object as long as it is the
   * same server, and another one once it is another.
   */
  RedisOptions options();

  /** Whether the server must say of itself that it is a primary before it is used. */
  default boolean primaryOnly() {
    return false;
  }

  /** Whether it is a server that holds data, and no Sentinel. */
  default boolean holdsData() {
    return true;
  }

  /** A connection to the server has been lost, or it has refused for not being a primary. */
  default void doubted() {}

  /** The one server that was configured. */
  static Target fixed(RedisOptions options) {
    return () -> options;
  }
}
