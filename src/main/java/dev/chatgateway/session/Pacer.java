package dev.chatgateway.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Runs so much at once and no more; the rest waits in order. For what comes in crowds, such as
 * everything that has to be stored again after an outage. Belongs to one loop.
 */
public final class Pacer {
  private final int atOnce;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  public Pacer(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Whether nothing runs and nothing waits. */
  public boolean isIdle() {
    return running == 0;
  }

  /** Runs the work when its turn comes; the future is the work's, or failed where that throws. */
  public <T> Future<T> run(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Future<Void> turn = Future.succeededFuture(); // what is composed with it may throw
    Runnable task = () -> turn.compose(now -> work.get()).onComplete(done -> {
      running--;
      Runnable next = waiting.poll();
      if (next != null) {
        running++;
        next.run();
      }
      promise.handle(done);
    });
    if (running < atOnce) {
      running++;
      task.run();
    } else {
      waiting.add(task);
    }
    return promise.future();
  }
}
