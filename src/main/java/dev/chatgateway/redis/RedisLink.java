package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * One pipelined command connection to Redis, belonging to one event loop: one per loop costs a
 * quarter of what the client's pool does. It replaces itself whenever it ends, fails or falls
 * silent, writes at most once in {@link RedisConfig#writeInterval()}, gives every command a
 * deadline, and refuses commands beyond a bound rather than queueing them. All methods must be
 * called on its loop.
 */
public final class RedisLink {
  private static final Logger LOG = Logger.getLogger(RedisLink.class);
  private static final long SWEEP_MS = 100;
  private static final long LATE_NANOS = 300_000_000L;

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisOptions options;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final ArrayDeque<Pending> inFlight = new ArrayDeque<>();
  private final Spacer<Pending> writes;

  private Redis client;
  private RedisConnection connection;
  private int generation;
  private long backoffMs;
  private long lastReplyNanos;
  private long lastSentNanos;
  private long firstUnanswered;
  private long lastSweepNanos;
  private boolean closed;
  private Runnable onUp = () -> {};

  RedisLink(
      Vertx vertx,
      Context context,
      RedisOptions options,
      RedisConfig config,
      RedisMetrics metrics) {
    this.vertx = vertx;
    this.context = (ContextInternal) context;
    this.options = options;
    this.config = config;
    this.metrics = metrics;
    this.writes = new Spacer<>(
        this.context.nettyEventLoop(), System::nanoTime, config.writeInterval(), this::write);
    this.backoffMs = config.minBackoff().toMillis();
  }

  /** Starts connecting, and keeps at it until {@link #close()}. */
  void start() {
    context.runOnContext(started -> {
      connect();
      vertx.setPeriodic(SWEEP_MS, this::sweep);
    });
  }

  /** Called on the loop each time a connection has been made. */
  void onUp(Runnable action) {
    onUp = action;
  }

  /** Whether commands are being taken. */
  public boolean isUp() {
    return connection != null;
  }

  void close() {
    context.runOnContext(closing -> {
      closed = true;
      drop("closed");
    });
  }

  /**
   * Sends a command.
   *
   * @return its reply; failed with {@link RedisUnavailableException} where it was refused, or its
   *     outcome is unknown, and with {@link RedisErrorException} where Redis answered an error
   */
  Future<Reply> send(Request request) {
    if (connection == null) {
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
    int sentIn = generation;
    sendOnContext(pending.request).onComplete(done -> {
      if (sentIn == generation) {
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

  // Off a Vert.x context, as in a plain task of the loop, the answer would come on any loop.
  private Future<Response> sendOnContext(Request request) {
    ContextInternal previous = context.beginDispatch();
    try {
      return connection.send(request);
    } finally {
      context.endDispatch(previous);
    }
  }

  private void discardDone() {
    while (!inFlight.isEmpty() && inFlight.peek().done) {
      inFlight.poll();
    }
  }

  /** Answers come in order, so only the head's deadline needs looking at. */
  private void sweep(long timer) {
    if (closed) {
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
    if (connection == null) {
      return;
    }
    // Silence counts from the first thing that went unanswered, not from the last answer: a loop
    // that was itself frozen must not take its own pause for the server's.
    boolean awaiting = lastSentNanos > lastReplyNanos;
    if (awaiting
        && now - Math.max(lastReplyNanos, firstUnanswered) > config.silence().toNanos()) {
      drop("no answer for " + config.silence().toMillis() + " ms");
      reconnectLater();
    } else if (!awaiting && now - lastSentNanos > config.probeInterval().toNanos()) {
      send(Request.cmd(Command.PING));
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    int mine = ++generation;
    Redis attempt = Redis.createClient(vertx, new RedisOptions(options));
    Promise<RedisConnection> connecting = Promise.promise();
    long timer = vertx.setTimer(
        config.connectTimeout().toMillis(), late -> connecting.tryFail("connect timed out"));
    attempt.connect().onComplete(done -> {
      if (done.succeeded()
          ? !connecting.tryComplete(done.result())
          : !connecting.tryFail(done.cause())) {
        attempt.close(); // too late
      }
    });
    connecting.future().onComplete(done -> {
      vertx.cancelTimer(timer);
      if (closed || mine != generation || done.failed()) {
        attempt.close();
        if (done.failed() && mine == generation) {
          LOG.debugf("Connecting to Redis failed: %s", done.cause().getMessage());
          reconnectLater();
        }
        return;
      }
      client = attempt;
      connection = done.result();
      backoffMs = config.minBackoff().toMillis();
      lastReplyNanos = System.nanoTime();
      lastSentNanos = lastReplyNanos - 1;
      connection.exceptionHandler(e -> ended(mine, String.valueOf(e.getMessage())));
      connection.endHandler(e -> ended(mine, "closed by the server"));
      onUp.run();
    });
  }

  private void ended(int which, String why) {
    if (which == generation && connection != null) {
      drop(why);
      reconnectLater();
    }
  }

  private void drop(String why) {
    generation++;
    if (connection != null) {
      connection = null;
      if (!closed) {
        LOG.debugf("Lost a connection to Redis: %s", why);
        metrics.disconnected();
      }
    }
    if (client != null) {
      client.close();
      client = null;
    }
    writes.clear(Pending::refuse);
    for (Pending pending : inFlight) {
      pending.expire();
    }
    inFlight.clear();
  }

  private void reconnectLater() {
    if (closed) {
      return;
    }
    context.runOnContext(later -> scheduleConnect());
  }

  private void scheduleConnect() {
    int mine = generation;
    long delay = Math.max(1, ThreadLocalRandom.current().nextLong(backoffMs / 2, backoffMs + 1));
    backoffMs = Math.min(backoffMs * 2, config.maxBackoff().toMillis());
    vertx.setTimer(delay, due -> {
      if (mine == generation) {
        connect();
      }
    });
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
