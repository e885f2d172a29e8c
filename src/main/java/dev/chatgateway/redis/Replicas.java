package dev.chatgateway.redis;

import io.vertx.core.AsyncResult;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks, on one connection, whether enough replicas have what was written there. {@code WAIT} holds up
 * all that comes after it, so one goes out at a time, about all that was written since the one before;
 * and when too few replicas answered, the next goes out only after a pause of four times as long as it
 * may take. So whatever else is written waits for one of them at most, and seldom. All methods must
 * be called on the loop of the connection.
 */
final class Replicas {
  private static final int PAUSE = 4;

  private final RedisConfig config;
  private final Line line;
  private final Runnable onSettled;
  private List<PendingCommand> unasked = new ArrayList<>();
  private boolean asking;
  private boolean scarce;
  private long nextNanos; // when something may be written although replicas are scarce

  /**
   * @param onSettled hears each time that some commands have been told
   */
  Replicas(RedisConfig config, Line line, Runnable onSettled) {
    this.config = config;
    this.line = line;
    this.onSettled = onSettled;
  }

  /** Whether {@link #admits} says no now, however often it is asked. */
  boolean refuses() {
    return scarce && System.nanoTime() - nextNanos < 0;
  }

  /**
   * Whether something that is to be on replicas may be written. While too few replicas answer, it is
   * so once in a while, and whoever is told so must write.
   */
  boolean admits() {
    if (refuses()) {
      return false;
    }
    if (scarce) {
      pause();
    }
    return true;
  }

  /** Something has been written that is to be on replicas: {@link #ask} about it. */
  void written(PendingCommand pending) {
    unasked.add(pending);
  }

  /** Asks about what was written; once the answer has come, if one is under way. */
  void ask() {
    if (asking || unasked.isEmpty() || !line.isUp()) {
      return;
    }
    asking = true;
    List<PendingCommand> asked = unasked;
    unasked = new ArrayList<>();
    int askedIn = line.generation();
    Request wait = Request.cmd(Command.WAIT)
        .arg(config.waitReplicas())
        .arg(config.waitTimeout().toMillis());
    line.send(wait).onComplete(done -> {
      boolean enough = done.succeeded() && done.result().toInteger() >= config.waitReplicas();
      if (askedIn == line.generation()) {
        answered(done, enough, asked);
      }
      asked.forEach(pending -> pending.replicated(enough));
      onSettled.run();
      ask();
    });
  }

  private void answered(AsyncResult<Response> answer, boolean enough, List<PendingCommand> asked) {
    asking = false;
    if (answer.failed()) {
      return; // which took no time, or the connection has ended
    }
    scarce = !enough;
    if (scarce) {
      pause();
      asked.addAll(unasked); // asking about these would hold up the others once more
      unasked.clear();
    }
  }

  private void pause() {
    nextNanos = System.nanoTime() + PAUSE * config.waitTimeout().toNanos();
  }

  /** Forgets everything: there is another connection, or none. */
  void clear() {
    unasked.clear();
    asking = false;
    scarce = false;
  }
}
