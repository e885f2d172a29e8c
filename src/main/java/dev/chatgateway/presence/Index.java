package dev.chatgateway.presence;

import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import dev.chatgateway.redis.Reply;
import dev.chatgateway.redis.SetCommands;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * What an incarnation of a pod has stored something about, so that it can be swept without looking
 * everywhere. An entry is made before what it points at, and may outlive it.
 *
 * <p>Keys: {@code {i:<incarnation>}:tickets} and {@code …:users}, sets of ids; they live for a week
 * after the last addition or renewal.
 */
final class Index {
  private static final LuaScript FORGET = LuaScript.load("presence/forget");
  private static final Duration LIFETIME = Duration.ofDays(7);

  private final Keys keys;

  Index(Keys keys) {
    this.keys = keys;
  }

  Future<Void> addTickets(RedisLink link, String incarnation, Collection<String> tickets) {
    return SetCommands.add(link, keys.incarnation(incarnation, "tickets"), tickets, LIFETIME);
  }

  Future<Reply> removeTickets(RedisLink link, String incarnation, Collection<String> tickets) {
    return SetCommands.remove(link, keys.incarnation(incarnation, "tickets"), tickets);
  }

  Future<Void> addUsers(RedisLink link, String incarnation, Collection<String> users) {
    return SetCommands.add(link, keys.incarnation(incarnation, "users"), users, LIFETIME);
  }

  Future<Reply> removeUsers(RedisLink link, String incarnation, Collection<String> users) {
    return SetCommands.remove(link, keys.incarnation(incarnation, "users"), users);
  }

  /** Some of the tickets; empty when there are no more. */
  Future<List<String>> someTickets(RedisLink link, String incarnation, int count) {
    return SetCommands.some(link, keys.incarnation(incarnation, "tickets"), count);
  }

  /** Some of the users; empty when there are no more. */
  Future<List<String>> someUsers(RedisLink link, String incarnation, int count) {
    return SetCommands.some(link, keys.incarnation(incarnation, "users"), count);
  }

  /** The incarnation has been swept. */
  Future<Reply> forget(RedisLink link, String incarnation) {
    return FORGET.call(link, List.of(keys.shared("leases"), keys.shared("addresses")), incarnation);
  }
}
