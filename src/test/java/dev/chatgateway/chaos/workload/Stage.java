package dev.chatgateway.chaos.workload;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The one event loop that all of a workload is on. */
final class Stage implements AutoCloseable {
  private static final long PATIENCE_S = 20;

  final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));

  /** Begins something on the loop, and waits for what comes of it. */
  <T> T call(Supplier<Future<T>> action) {
    CompletableFuture<T> done = new CompletableFuture<>();
    vertx.runOnContext(here -> action.get().onComplete(result -> {
      if (result.succeeded()) {
        done.complete(result.result());
      } else {
        done.completeExceptionally(result.cause());
      }
    }));
    return done.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
  }

  /** Looks at something on the loop. */
  <T> T look(Supplier<T> at) {
    return call(() -> Future.succeededFuture(at.get()));
  }

  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
        .join();
  }
}
