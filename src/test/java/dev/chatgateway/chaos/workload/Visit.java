package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Result;
import io.vertx.core.Vertx;

/**
 * A worker looks into a ticket for a while, says that it has read it, and leaves it for good: of what
 * comes later it is notified, with how much of it there is.
 */
final class Visit {
  private static final long AGAIN_MS = 500;

  private final Vertx vertx;
  private final Worker worker;
  private final Place place;
  private boolean done;

  Visit(Vertx vertx, Worker worker, Place place) {
    this.vertx = vertx;
    this.worker = worker;
    this.place = place;
  }

  /** It ends after that time, or as soon after as it can. */
  void endIn(long ms) {
    vertx.setTimer(ms, due -> end());
  }

  boolean done() {
    return done;
  }

  /** The worker has no connection, and so is not in the room. */
  void closed() {
    done |= place.isOver();
  }

  private void end() {
    if (!worker.connection.canSpeak() || !place.seated() || place.seq() == 0) {
      endIn(AGAIN_MS);
      return;
    }
    worker.mark(place, "read", new Then(worker.connection) {
      @Override
      public void ok(Result result) {
        place.end();
        leave();
      }

      @Override
      public void fail(String code, boolean retry, long afterMs) {
        endIn(AGAIN_MS);
      }

      @Override
      public void unknown(boolean closed) {
        super.unknown(closed);
        endIn(AGAIN_MS);
      }
    });
  }

  private void leave() {
    worker.leave(place, new Then.OrElse(worker.connection, this::leave) {
      @Override
      public void ok(Result result) {
        done = true;
      }
    });
  }
}
