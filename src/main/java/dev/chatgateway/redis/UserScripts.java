package dev.chatgateway.redis;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Runs the scripts of a user, which all get the same keys and first arguments. */
public final class UserScripts {
  // In the order of lua/presence/lib.lua.
  private static final List<String> PARTS = List.of("conns", "state", "tickets", "rate");

  private final Keys keys;
  private final String lifetimeMs;

  /**
   * @param lifetime of a user's keys after the last change
   */
  public UserScripts(Keys keys, Duration lifetime) {
    this.keys = keys;
    this.lifetimeMs = Long.toString(lifetime.toMillis());
  }

  /** Runs a script that includes {@code presence/lib}, with its own arguments from the third on. */
  public Future<Reply> call(RedisLink link, LuaScript script, String userId, Object... args) {
    return script.call(link, keys.userKeys(userId, PARTS), all(args));
  }

  /** As {@link #call}, for a change that must outlive the server, see {@link LuaScript#callDurably}. */
  public Future<Reply> callDurably(
      RedisLink link, LuaScript script, String userId, Object... args) {
    return script.callDurably(link, keys.userKeys(userId, PARTS), all(args));
  }

  private Object[] all(Object[] args) {
    Object[] all = new Object[args.length + 2];
    all[0] = lifetimeMs;
    all[1] = keys.podChannelPrefix();
    System.arraycopy(args, 0, all, 2, args.length);
    return all;
  }
}
