package dev.chatgateway.presence;

import dev.chatgateway.redis.Keys;
import dev.chatgateway.redis.LuaScript;
import dev.chatgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Gives one pod at a time the turn to look after an incarnation that is late or dead; the others stand
 * by. A turn ends by itself soon after its pod takes it no more, as that pod may die, too.
 *
 * <p>Key: {@code {i:<incarnation>}:sweeper}, the id of the pod that has the turn; lives for two seconds, or two
 * heartbeats, after that pod last took it.
 */
final class SweepTurns {
  private static final LuaScript TAKE_TURN = LuaScript.load("presence/take_turn");
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final String podId;
  private final Keys keys;
  private final long turnMs;

  SweepTurns(String podId, Keys keys, PresenceConfig config) {
    this.podId = podId;
    this.keys = keys;
    this.turnMs = Math.max(LEAST.toMillis(), 2 * config.heartbeat().toMillis());
  }

  /** Takes the turn, or keeps it. Returns whether this pod has it now. */
  Future<Boolean> take(RedisLink link, String incarnation) {
    return TAKE_TURN
        .call(link, List.of(keys.incarnation(incarnation, "sweeper")), podId, turnMs)
        .map(reply -> reply.number() == 1);
  }
}
