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
  private boolean starting;

  public Pacer(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Whether nothing runs and nothing waits. */
  public boolean isIdle() {
    return running == 0 && waiting.isEmpty();
  }

  /** Runs the work when its turn comes; the future is the work's, or failed where that throws. */
  public <T> Future<T> run(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Future<Void> turn = Future.succeededFuture(); // what is composed with it may throw
    waiting.add(() -> turn.compose(now -> work.get()).onComplete(done -> {
      running--;
      startNext();
      promise.handle(done);
    }));
    startNext();
    return promise.future();
  }

  // Not each from within the one before: where thousands wait and each is refused at once, as while
  // the store is out of reach, the stack would not do.
  private void startNext() {
    if (starting) {
      return;
    }
    starting = true;
    try {
      while (running < atOnce && !waiting.isEmpty()) {
        running++;
        waiting.poll().run();
      }
    } finally {
      starting = false;
    }
  }
}
