package dev.chatgateway.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import org.jboss.logging.Logger;

/**
 * A command that was asked for, until there is an outcome: one, the first, which is counted and told
 * to whoever asked. A durable one succeeds when it has been answered and enough replicas have it. On
 * its link's loop only.
 */
final class PendingCommand {
  private static final Logger LOG = Logger.getLogger(PendingCommand.class);

  private final Promise<Reply> promise = Promise.promise();
  private final Request request;
  private final boolean durable;
  private final RedisMetrics metrics;
  private final long sinceNanos = System.nanoTime();
  private Response response; // of one that is durable, until enough replicas have it
  private boolean done;

  PendingCommand(Request request, boolean durable, RedisMetrics metrics) {
    this.request = request;
    this.durable = durable;
    this.metrics = metrics;
  }

  Request request() {
    return request;
  }

  boolean isDurable() {
    return durable;
  }

  /** When it was asked for, as {@link System#nanoTime}. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Whether there is an outcome. */
  boolean isDone() {
    return done;
  }

  /** The outcome, which comes in any case. */
  Future<Reply> future() {
    return promise.future();
  }

  // --- outcomes; but for the first they change nothing

  /** The server has answered; with a durable one this is not yet the outcome. */
  void answered(Response answer) {
    if (durable) {
      response = answer;
    } else {
      succeed(answer);
    }
  }

  /** Enough replicas have the durable one, which has been answered. */
  void replicated() {
    succeed(response);
  }

  private void succeed(Response answer) {
    if (!done) {
      done = true;
      metrics.answered(System.nanoTime() - sinceNanos);
      promise.complete(new Reply(answer));
    }
  }

  /** It has failed: at the server, or with the connection. */
  void fail(Throwable cause) {
    if (done) {
      return;
    }
    // The client makes an error reply of its own of a connection that ends.
    if (cause instanceof ErrorType error && !error.is("CONNECTION_CLOSED")) {
      metrics.failed();
      end(new RedisErrorException(error.getMessage()));
    } else {
      metrics.unknown();
      end(new RedisUnavailableException("connection lost"));
    }
  }

  /** Too few replicas have it. */
  void notReplicated() {
    if (!done) {
      metrics.unreplicated();
      end(new RedisUnavailableException("stored on too few replicas"));
    }
  }

  /** It was not written, and never will be. */
  void refuse() {
    if (!done) {
      metrics.refused();
      end(new RedisUnavailableException("connection lost before it was written"));
    }
  }

  /** It was not answered in time; whether it was executed is unknown. */
  void expire() {
    if (!done) {
      metrics.unknown();
      end(new RedisUnavailableException("no answer in time"));
    }
  }

  private void end(RuntimeException problem) {
    done = true;
    try {
      promise.fail(problem);
    } catch (RuntimeException e) {
      // The others have to hear of it all the same, and the link has to connect anew.
      LOG.error("What was waiting for Redis does not cope with its absence", e);
    }
  }
}
