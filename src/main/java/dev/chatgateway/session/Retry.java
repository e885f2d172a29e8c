package dev.chatgateway.session;

import io.vertx.core.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * For what has to be done in the end, although Redis may be out of reach now. There is no time after
 * which it is given up: an outage counts for no lease, so that no sweep makes up for what was not
 * done in it, however long it was. While Redis is away a try costs a refusal by this pod itself.
 */
public final class Retry {
  private static final long FIRST_MS = 200;
  private static final long LONGEST_MS = 2000;

  private Retry() {}

  /**
   * Does the work on that loop, until it succeeds or the loop ends, with pauses of up to two seconds.
   * The work must be harmless to repeat. What may be asked for again and again meanwhile is for
   * {@link Retries}.
   */
  public static void untilDone(Loop loop, Supplier<? extends Future<?>> work) {
    loop.run(() -> attempt(loop, work, FIRST_MS));
  }

  // On the loop's own timer: libraries need more of Quarkus than there is while it stops.
  private static void attempt(Loop loop, Supplier<? extends Future<?>> work, long pauseMs) {
    paced(loop, work).onFailure(failed -> {
      if (!loop.executor().isShuttingDown()) { // else nothing is carried out any more
        long delayMs = ThreadLocalRandom.current().nextLong(pauseMs / 2, pauseMs + 1);
        loop.after(delayMs, () -> attempt(loop, work, Math.min(pauseMs * 2, LONGEST_MS)));
      }
    });
  }

  // When many clients go at once, those that stay must not be refused for it.
  private static Future<Object> paced(Loop loop, Supplier<? extends Future<?>> work) {
    return loop.background().run(() -> work.get().mapEmpty());
  }
}
