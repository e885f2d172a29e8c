package dev.chatgateway.session;

import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * {@link Retry} for what clients can cause again and again while a shard is away: of the work with
 * the same key only the latest is tried on, so that a long outage leaves a bounded amount to do.
 *
 * @param <K> what the work is about
 */
public final class Retries<K> {
  private final Map<K, Object> latest = new ConcurrentHashMap<>();

  /**
   * Does the work on that loop until it succeeds, or is asked for once more. The work must make up
   * for all of that key that was asked for before it.
   */
  public void untilDone(Loop loop, K key, Supplier<? extends Future<?>> work) {
    Object turn = new Object();
    latest.put(key, turn);
    Retry.untilDone(
        loop,
        () -> latest.get(key) == turn
            ? work.get().onSuccess(done -> latest.remove(key, turn))
            : Future.succeededFuture());
  }
}
