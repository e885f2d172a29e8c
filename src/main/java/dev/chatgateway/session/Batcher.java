package dev.chatgateway.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Gathers what comes up in one turn of a loop and does it in one go. Belongs to one loop.
 *
 * @param <T> what is gathered
 */
public final class Batcher<T> {
  private final Loop loop;
  private final Function<List<T>, ? extends Future<?>> action;
  private List<T> items = new ArrayList<>();
  private Promise<Void> done = Promise.promise();

  /**
   * @param action does it for all that was gathered
   */
  public Batcher(Loop loop, Function<List<T>, ? extends Future<?>> action) {
    this.loop = loop;
    this.action = action;
  }

  /** Adds one; completes when it has been done. */
  public Future<Void> add(T item) {
    items.add(item);
    if (items.size() == 1) {
      loop.executor().execute(this::flush);
    }
    return done.future();
  }

  private void flush() {
    List<T> batch = items;
    Promise<Void> batchDone = done;
    items = new ArrayList<>();
    done = Promise.promise();
    action.apply(batch).onSuccess(result -> batchDone.complete()).onFailure(batchDone::fail);
  }
}
