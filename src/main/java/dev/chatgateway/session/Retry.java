package dev.chatgateway.session;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * For what has to be done in the end, although Redis may be out of reach now. There is no time after
 * which it is given up: an outage counts for no lease, so that no sweep makes up for what was not
 * done in it, however long it was. While Redis is away a try costs a refusal by this pod itself.
 */
public final class Retry {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private Retry() {}

  /**
   * Does the work on that loop, until it succeeds or the loop ends, with pauses of up to two seconds.
   * The work must be harmless to repeat. What may be asked for again and again meanwhile is for
   * {@link Retries}.
   */
  public static void untilDone(Loop loop, Supplier<? extends Future<?>> work) {
    loop.run(() -> paced(loop, work)
        .onFailure(first -> Uni.createFrom()
            .completionStage(() -> paced(loop, work).toCompletionStage())
            .onFailure()
            .retry()
            .withExecutor(loop.executor())
            .withBackOff(FIRST, LONGEST)
            .indefinitely()
            .subscribe()
            .with(done -> {})));
  }

  // When many clients go at once, those that stay must not be refused for it.
  private static Future<Object> paced(Loop loop, Supplier<? extends Future<?>> work) {
    return loop.background().run(() -> work.get().mapEmpty());
  }
}
