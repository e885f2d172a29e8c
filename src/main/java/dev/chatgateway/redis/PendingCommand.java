package dev.chatgateway.redis;

import dev.chatgateway.logging.LogThrottle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * A command that was taken and not yet answered. Ends once, in one of these ways; what comes later is
 * ignored.
 */
final class PendingCommand {
  private static final Logger LOG = Logger.getLogger(PendingCommand.class);
  private static final LogThrottle DEFECTS = new LogThrottle(Duration.ofSeconds(1));

  final Request request;
  final long sinceNanos = System.nanoTime();
  final boolean durable;
  final boolean asking;

  private final Promise<Reply> promise = Promise.promise();
  private final RedisMetrics metrics;
  private Response response; // of one that is durable, until enough replicas have it
  private boolean done;

  /**
   * @param durable whether replicas are asked whether they have it
   * @param asking whether it goes where it was redirected to, as an exception
   */
  PendingCommand(Request request, boolean durable, boolean asking, RedisMetrics metrics) {
    this.request = request;
    this.durable = durable;
    this.asking = asking;
    this.metrics = metrics;
  }

  boolean isDone() {
    return done;
  }

  Future<Reply> future() {
    return promise.future();
  }

  void succeed(Response response) {
    if (!done) {
      done = true;
      metrics.answered(System.nanoTime() - sinceNanos);
      try {
        promise.complete(new Reply(response));
      } catch (Throwable e) {
        // The answers after this one have to be read all the same.
        LOG.error("What was waiting for Redis does not cope with its answer", e);
      }
    }
  }

  /** The server has answered, and it is {@link #replicated} that decides. */
  void stored(Response answer) {
    response = answer;
  }

  void replicated(boolean enough) {
    if (enough) {
      succeed(response);
    } else if (!done) {
      metrics.unreplicated();
      end(new RedisUnavailableException("stored on too few replicas"));
    }
  }

  void fail(Throwable cause) {
    if (done) {
      return;
    }
    // The client makes an error reply of its own of a connection that ends.
    if (cause instanceof ErrorType error && !error.is("CONNECTION_CLOSED")) {
      metrics.failed();
      end(new RedisErrorException(error.getMessage()));
    } else {
      expire(NodeLink.LOST);
    }
  }

  /** It was not written, and won't be. */
  void refuse(String why) {
    if (!done) {
      metrics.refused();
      end(new RedisUnavailableException(why));
    }
  }

  /** Nothing tells whether it was carried out, and nothing will. */
  void expire(String why) {
    if (!done) {
      metrics.unknown();
      end(new RedisUnavailableException(why));
    }
  }

  private void end(RuntimeException problem) {
    done = true;
    try {
      promise.fail(problem);
    } catch (RuntimeException e) {
      // The others have to hear of it all the same, and the link has to connect anew.
      if (DEFECTS.admits()) {
        LOG.error("What was waiting for Redis does not cope with its absence", e);
      }
    }
  }
}
