package dev.chatgateway.ops;

import dev.chatgateway.Pod;
import dev.chatgateway.session.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;

/** Makes overviews; for all who ask at about the same time, Redis is asked once. */
final class Overviews {
  // However many look on, Redis is read no more often.
  private static final long SHARED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Pod pod;
  private final OwnReport own;
  private final Loop main;
  // On the main loop only.
  private Future<Overview> latest;
  private long latestNanos;

  Overviews(Pod pod, OwnReport own) {
    this.pod = pod;
    this.own = own;
    this.main = pod.loops().main();
  }

  /** One of now, which completes on the main loop; where Redis can't be asked, of this pod alone. */
  Future<Overview> now() {
    Promise<Overview> promise = Promise.promise();
    main.run(() -> {
      long now = System.nanoTime();
      if (latest == null || now - latestNanos > SHARED_NANOS) {
        latestNanos = now;
        latest = pod.reports()
            .all()
            .map(found -> Overview.of(pod.nowMs(), own.latest(), found))
            .otherwise(away -> Overview.alone(pod.nowMs(), own.latest()));
      }
      latest.onComplete(promise);
    });
    return promise.future();
  }
}
