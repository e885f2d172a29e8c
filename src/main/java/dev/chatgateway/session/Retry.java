package dev.chatgateway.session;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** For what has to be done in the end, although Redis may be out of reach now. */
public final class Retry {
  private static final Logger LOG = Logger.getLogger(Retry.class);
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(2);
  // By then the entry's own lifetime, or the sweep of this pod, is nearer than another try.
  private static final Duration GIVE_UP = Duration.ofMinutes(30);

  private Retry() {}

  /** Does the work on that loop, until it succeeds. The work must be harmless to repeat. */
  public static void untilDone(Loop loop, Supplier<? extends Future<?>> work) {
    loop.run(() -> paced(loop, work)
        .onFailure(first -> Uni.createFrom()
            .completionStage(() -> onLoop(loop, work))
            .onFailure()
            .retry()
            .withBackOff(FIRST, LONGEST)
            .expireIn(GIVE_UP.toMillis())
            .subscribe()
            .with(done -> {}, failure -> LOG.warnf("Given up: %s", failure.getMessage()))));
  }

  private static CompletableFuture<Object> onLoop(Loop loop, Supplier<? extends Future<?>> work) {
    CompletableFuture<Object> done = new CompletableFuture<>();
    loop.executor()
        .execute(() ->
            paced(loop, work).onSuccess(done::complete).onFailure(done::completeExceptionally));
    return done;
  }

  // When many clients go at once, those that stay must not be refused for it.
  private static Future<Object> paced(Loop loop, Supplier<? extends Future<?>> work) {
    return loop.background().run(() -> work.get().mapEmpty());
  }
}
