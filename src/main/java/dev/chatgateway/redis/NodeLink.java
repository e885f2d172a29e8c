package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One pipelined command connection to one Redis server, belonging to one event loop: one per loop
 * costs a quarter of what the client's pool does. It replaces itself whenever it ends, fails or
 * falls silent, or when its server is no longer the one to ask, writes at most once in {@link
 * RedisConfig#writeInterval()}, gives every command a deadline, and refuses commands beyond a bound
 * rather than queueing them. All methods must be called on its loop.
 */
final class NodeLink extends RedisLink {
  private static final long SWEEP_MS = 100;
  private static final long REPLICA_LEFT_AFTER_MS = 50;
  private static final long LATE_NANOS = 300_000_000L;
  static final String LOST = "connection lost";
  private static final String TOO_FEW = "too few replicas";

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Line line;
  private final ArrayDeque<PendingCommand> inFlight = new ArrayDeque<>();
  private final Spacer<PendingCommand> writes;
  private final Replicas replicas;

  private long lastReplyNanos;
  private long lastSentNanos;
  private long firstUnanswered;
  private long lastSweepNanos;
  private Up onUp = another -> {};
  private RedisOptions before;

  NodeLink(RedisLinks links, Context context, Target target) {
    this.vertx = links.vertx();
    this.context = (ContextInternal) context;
    this.config = links.config();
    this.metrics = links.metrics();
    this.line = new Line(links, context, target, this::connected, this::lost);
    this.replicas = new Replicas(config, line, this::discardDone);
    this.writes = new Spacer<>(
        this.context.nettyEventLoop(),
        System::nanoTime,
        config.writeInterval(),
        this::write,
        replicas::ask);
  }

  /** Starts connecting, and keeps at it until {@link #close()}. */
  void start() {
    context.runOnContext(started -> {
      line.connect();
      vertx.setPeriodic(SWEEP_MS, this::sweep);
    });
  }

  @Override
  public void onUp(Up listener) {
    onUp = listener;
  }

  @Override
  public boolean isUp() {
    return line.isUp();
  }

  @Override
  public boolean isUp(String key) {
    return line.isUp();
  }

  @Override
  public List<Integer> witnesses() {
    return List.of(0);
  }

  @Override
  String publishing(String key) {
    return line.isSharded() ? "SPUBLISH" : "PUBLISH";
  }

  void close() {
    context.runOnContext(closing -> line.close());
  }

  @Override
  Future<Reply> send(String key, Request request, boolean durable) {
    return send(request, durable, false);
  }

  /** Sends a command that is about no key. */
  Future<Reply> send(Request request) {
    return send(request, false, false);
  }

  /**
   * Lets a command that was redirected here pass, which its slot's migration makes an exception of.
   */
  Future<Reply> sendAsking(Request request, boolean durable) {
    return send(request, durable, true);
  }

  private Future<Reply> send(Request request, boolean durable, boolean asking) {
    assert context.nettyEventLoop().inEventLoop() : "a link is used on its own loop only";
    if (!line.isUp()) {
      return refused("not connected");
    }
    if (inFlight.size() >= config.maxInFlight()) {
      return refused("too many commands in flight");
    }
    boolean waits = durable && config.waitReplicas() > 0;
    if (waits && replicas.refuses()) {
      return refused(TOO_FEW);
    }
    PendingCommand pending = new PendingCommand(request, waits, asking, metrics);
    inFlight.add(pending);
    writes.add(pending);
    return pending.future();
  }

  private Future<Reply> refused(String why) {
    metrics.refused();
    return Future.failedFuture(new RedisUnavailableException(why));
  }

  private void write(PendingCommand pending) {
    if (pending.isDone()) {
      return; // its deadline passed while it was held
    }
    if (pending.durable && !replicas.admits()) {
      inFlight.remove(pending);
      pending.refuse(TOO_FEW);
      return;
    }
    long now = System.nanoTime();
    if (lastSentNanos <= lastReplyNanos) {
      firstUnanswered = now;
    }
    lastSentNanos = now;
    int sentIn = line.generation();
    if (pending.asking) {
      line.send(Request.cmd(Command.ASKING)); // is about the next command, whatever that is
    }
    line.send(pending.request).onComplete(done -> {
      if (sentIn == line.generation()) {
        lastReplyNanos = System.nanoTime();
      }
      if (done.failed()) {
        pending.fail(done.cause());
        doubtIfReplica(sentIn, done.cause());
      } else if (pending.durable) {
        pending.stored(done.result());
      } else {
        pending.succeed(done.result());
      }
      discardDone();
    });
    if (pending.durable) {
      replicas.written(pending);
    }
  }

  private void doubtIfReplica(int sentIn, Throwable cause) {
    if (cause instanceof ErrorType && RedisErrorException.isReadOnly(cause.getMessage())) {
      // Not at once: what else was written to it is to be told the same, and not that it got lost.
      context
          .nettyEventLoop()
          .schedule(
              () -> line.lose(sentIn, "the server has become a replica"),
              REPLICA_LEFT_AFTER_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  private void discardDone() {
    while (!inFlight.isEmpty() && inFlight.peek().isDone()) {
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
    // First of all: whoever hears that their time is up may send again, and not into a connection
    // that is about to be given up.
    giveUpIfDead(now);
    long timeout = config.commandTimeout().toNanos();
    // Taken out first: whoever hears of it may send again at once.
    while (!inFlight.isEmpty() && now - inFlight.peek().sinceNanos >= timeout) {
      inFlight.poll().expire("no answer in time");
    }
    if (line.isUp()
        && !awaiting()
        && now - lastSentNanos > config.probeInterval().toNanos()) {
      send(Request.cmd(Command.PING));
    }
  }

  private boolean awaiting() {
    return lastSentNanos > lastReplyNanos;
  }

  private void giveUpIfDead(long now) {
    line.check();
    // Silence counts from the first thing that went unanswered, not from the last answer: a loop
    // that was itself frozen must not take its own pause for the server's.
    if (line.isUp()
        && awaiting()
        && now - Math.max(lastReplyNanos, firstUnanswered) > config.silence().toNanos()) {
      line.lose(line.generation(), "no answer for " + config.silence().toMillis() + " ms");
    }
  }

  private void connected(RedisConnection connection) {
    line.proved();
    lastReplyNanos = System.nanoTime();
    lastSentNanos = lastReplyNanos - 1;
    boolean another = before != null && before != line.dialled();
    before = line.dialled();
    onUp.up(another);
  }

  private void lost(String why) {
    writes.clear(held -> held.refuse("connection lost before it was written"));
    replicas.clear();
    while (!inFlight.isEmpty()) {
      // As in sweep; but nothing is taken before there is a connection.
      inFlight.poll().expire(LOST);
    }
  }
}
