package dev.chatgateway.redis;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Runs the scripts of a ticket, which all get the same keys and first arguments. */
public final class TicketScripts {
  // In the order of lua/ticket/lib.lua, after the channel.
  private static final List<String> ALL = List.of(
      "meta",
      "log",
      "status",
      "marks",
      "ids",
      "events",
      "members",
      "users",
      "typing",
      "removed",
      "followers",
      "dedupe",
      "dedupe_old");
  private final Keys keys;
  private final Epochs epochs;
  private final String lifetimeMs;

  /**
   * @param lifetime of a ticket's keys after its last change
   */
  public TicketScripts(Keys keys, Epochs epochs, Duration lifetime) {
    this.keys = keys;
    this.epochs = epochs;
    this.lifetimeMs = Long.toString(lifetime.toMillis());
  }

  /** Runs a script that includes {@code ticket/lib}, with its own arguments from the fourth on. */
  public Future<Reply> call(RedisLink link, LuaScript script, String ticketId, Object... args) {
    List<String> itsKeys = keys.ticketKeys(ticketId, ALL);
    return script.call(link, itsKeys, all(link, itsKeys, args));
  }

  /** As {@link #call}, for a change that must outlive the server, see {@link LuaScript#callDurably}. */
  public Future<Reply> callDurably(
      RedisLink link, LuaScript script, String ticketId, Object... args) {
    List<String> itsKeys = keys.ticketKeys(ticketId, ALL);
    return script.callDurably(link, itsKeys, all(link, itsKeys, args));
  }

  private Object[] all(RedisLink link, List<String> itsKeys, Object[] args) {
    Object[] all = new Object[args.length + 3];
    all[0] = link.publishing(itsKeys.get(0)); // the channel comes first
    all[1] = lifetimeMs;
    all[2] = epochs.next();
    System.arraycopy(args, 0, all, 3, args.length);
    return all;
  }

  /** The generation of the store, as far as this pod knows. */
  public long generation() {
    return epochs.generation();
  }
}
