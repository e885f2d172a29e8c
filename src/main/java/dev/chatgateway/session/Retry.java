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
  private static final long FIRST_MS = 400;
  private static final long LONGEST_MS = 2000;

  private Retry() {}

  /**
   * Does the work on that loop, until it succeeds or the loop ends: again after less than half a
   * second, at last every one to two seconds. The work must be harmless to repeat. What may be asked
   * for again and again meanwhile is for {@link Retries}.
   */
  public static void untilDone(Loop loop, Supplier<? extends Future<?>> work) {
    loop.run(() -> attempt(loop, work, FIRST_MS));
  }

  private static void attempt(Loop loop, Supplier<? extends Future<?>> work, long pauseMs) {
    // When many clients go at once, those that stay must not be refused for it.
    loop.background()
        .run(() -> work.get().mapEmpty())
        .onFailure(away -> loop.after(
            pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2),
            () -> attempt(loop, work, Math.min(2 * pauseMs, LONGEST_MS))));
  }
}
