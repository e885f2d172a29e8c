package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;

/**
 * One pipelined command connection to Redis, belonging to one event loop: one per loop costs a
 * quarter of what the client's pool does. It replaces itself whenever it ends, fails or falls
 * silent, writes at most once in {@link RedisConfig#writeInterval()}, gives every command a
 * deadline, and refuses commands beyond a bound rather than queueing them. All methods must be
 * called on its loop.
 */
public final class RedisLink {
  private static final long SWEEP_MS = 100;
  private static final long LATE_NANOS = 300_000_000L;

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Line line;
  private final ArrayDeque<Pending> inFlight = new ArrayDeque<>();
  private final Spacer<Pending> writes;

  private long lastReplyNanos;
  private long lastSentNanos;
  private long firstUnanswered;
  private long lastSweepNanos;
  private Runnable onUp = () -> {};

  RedisLink(RedisLinks links, Context context) {
    this.vertx = links.vertx();
    this.context = (ContextInternal) context;
    this.config = links.config();
    this.metrics = links.metrics();
    this.line = new Line(links, context, this::connected, this::lost);
    this.writes = new Spacer<>(
        this.context.nettyEventLoop(), System::nanoTime, config.writeInterval(), this::write);
  }

  /** Starts connecting, and keeps at it until {@link #close()}. */
  void start() {
    context.runOnContext(started -> {
      line.connect();
      vertx.setPeriodic(SWEEP_MS, this::sweep);
    });
  }

  /** Called on the loop each time a connection has been made. */
  void onUp(Runnable action) {
    onUp = action;
  }

  /** Whether commands are being taken. */
  public boolean isUp() {
    return line.isUp();
  }

  void close() {
    context.runOnContext(closing -> line.close());
  }

  /**
   * Sends a command.
   *
   * @return its reply; failed with {@link RedisUnavailableException} where it was refused, or its
   *     outcome is unknown, and with {@link RedisErrorException} where Redis answered an error
   */
  Future<Reply> send(Request request) {
    if (!line.isUp()) {
      metrics.refused();
      return Future.failedFuture(new RedisUnavailableException("not connected"));
    }
    if (inFlight.size() >= config.maxInFlight()) {
      metrics.refused();
      return Future.failedFuture(new RedisUnavailableException("too many commands in flight"));
    }
    Pending pending = new Pending(request);
    inFlight.add(pending);
    writes.add(pending);
    return pending.promise.future();
  }

  private void write(Pending pending) {
    if (pending.done) {
      return; // its deadline passed while it was held
    }
    long now = System.nanoTime();
    if (lastSentNanos <= lastReplyNanos) {
      firstUnanswered = now;
    }
    lastSentNanos = now;
    int sentIn = line.generation();
    line.send(pending.request).onComplete(done -> {
      if (sentIn == line.generation()) {
        lastReplyNanos = System.nanoTime();
      }
      if (done.succeeded()) {
        pending.succeed(done.result());
      } else {
        pending.fail(done.cause());
      }
      discardDone();
    });
  }

  private void discardDone() {
    while (!inFlight.isEmpty() && inFlight.peek().done) {
      inFlight.poll();
    }
  }

  /** Answers come in order, so only the head's deadline needs looking at. */
  private void sweep(long timer) {
    if (line.isClosed()) {
      vertx.cancelTimer(timer);
      return;
    }
    long now = System.nanoTime();
    boolean late = now - lastSweepNanos > LATE_NANOS;
    lastSweepNanos = now;
    if (late) {
      return; // this loop was held up: answers may wait in the socket to be read
    }
    long timeout = config.commandTimeout().toNanos();
    for (Pending pending : inFlight) {
      if (now - pending.sinceNanos < timeout) {
        break;
      }
      pending.expire();
    }
    discardDone();
    if (!line.isUp()) {
      return;
    }
    // Silence counts from the first thing that went unanswered, not from the last answer: a loop
    // that was itself frozen must not take its own pause for the server's.
    boolean awaiting = lastSentNanos > lastReplyNanos;
    if (awaiting
        && now - Math.max(lastReplyNanos, firstUnanswered) > config.silence().toNanos()) {
      line.lose(line.generation(), "no answer for " + config.silence().toMillis() + " ms");
    } else if (!awaiting && now - lastSentNanos > config.probeInterval().toNanos()) {
      send(Request.cmd(Command.PING));
    }
  }

  private void connected(RedisConnection connection) {
    line.proved();
    lastReplyNanos = System.nanoTime();
    lastSentNanos = lastReplyNanos - 1;
    onUp.run();
  }

  private void lost(String why) {
    writes.clear(Pending::refuse);
    for (Pending pending : inFlight) {
      pending.expire();
    }
    inFlight.clear();
  }

  private final class Pending {
    final Promise<Reply> promise = Promise.promise();
    final Request request;
    final long sinceNanos = System.nanoTime();
    boolean done;

    Pending(Request request) {
      this.request = request;
    }

    void succeed(Response response) {
      if (!done) {
        done = true;
        metrics.answered(System.nanoTime() - sinceNanos);
        promise.complete(new Reply(response));
      }
    }

    void fail(Throwable cause) {
      if (done) {
        return;
      }
      done = true;
      // The client makes an error reply of its own of a connection that ends.
      if (cause instanceof ErrorType error && !error.is("CONNECTION_CLOSED")) {
        metrics.failed();
        promise.fail(new RedisErrorException(error.getMessage()));
      } else {
        metrics.unknown();
        promise.fail(new RedisUnavailableException("connection lost"));
      }
    }

    void refuse() {
      if (!done) {
        done = true;
        metrics.refused();
        promise.fail(new RedisUnavailableException("connection lost before it was written"));
      }
    }

    void expire() {
      if (!done) {
        done = true;
        metrics.unknown();
        promise.fail(new RedisUnavailableException("no answer in time"));
      }
    }
  }
}
