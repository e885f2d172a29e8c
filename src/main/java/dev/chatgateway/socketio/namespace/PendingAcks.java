package dev.chatgateway.socketio.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** Acknowledgements that a client owes. On its session's loop. */
final class PendingAcks {
  private record Awaited(Promise<List<JsonNode>> promise, ScheduledFuture<?> timer) {}

  private final EventLoop loop;
  private final int max;
  private final Map<Long, Awaited> awaited = new HashMap<>();
  private long next;

  PendingAcks(EventLoop loop, int max) {
    this.loop = loop;
    this.max = max;
  }

  Future<List<JsonNode>> await(Duration timeout, LongConsumer send) {
    if (awaited.size() >= max) {
      return Future.failedFuture("more than " + max + " acknowledgements are awaited");
    }
    long id = next++;
    Promise<List<JsonNode>> promise = Promise.promise();
    ScheduledFuture<?> timer =
        loop.schedule(() -> expired(id), timeout.toNanos(), TimeUnit.NANOSECONDS);
    awaited.put(id, new Awaited(promise, timer));
    send.accept(id);
    return promise.future();
  }

  /** One has come; of no meaning where it isn't awaited, or no more. */
  void acknowledged(long id, List<JsonNode> arguments) {
    Awaited one = awaited.remove(id);
    if (one != null) {
      one.timer().cancel(false);
      one.promise().complete(arguments);
    }
  }

  void fail(String reason) {
    List<Awaited> all = List.copyOf(awaited.values());
    awaited.clear();
    all.forEach(one -> {
      one.timer().cancel(false);
      one.promise().fail(reason);
    });
  }

  private void expired(long id) {
    Awaited one = awaited.remove(id);
    if (one != null) {
      one.promise().fail(new TimeoutException("no acknowledgement in time"));
    }
  }
}
