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
import java.util.ArrayList;
import java.util.List;

/**
 * One pipelined command connection to one Redis server, belonging to one event loop: one per loop
 * costs a quarter of what the client's pool does. It replaces itself whenever it ends, fails or
 * falls silent, or when its server is no longer the one to ask, writes at most once in {@link
 * RedisConfig#writeInterval()}, gives every command a deadline, and refuses commands beyond a bound
 * rather than queueing them. All methods must be called on its loop.
 */
final class NodeLink extends RedisLink {
  private static final long SWEEP_MS = 100;
  private static final long LATE_NANOS = 300_000_000L;

  private final Vertx vertx;
  private final ContextInternal context;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Line line;
  private final ArrayDeque<PendingCommand> inFlight = new ArrayDeque<>();
  private final Spacer<PendingCommand> writes;
  private final List<PendingCommand> unreplicated = new ArrayList<>(0);

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
    this.writes = new Spacer<>(
        this.context.nettyEventLoop(),
        System::nanoTime,
        config.writeInterval(),
        this::write,
        this::written);
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
    return send(request, durable);
  }

  /** Sends a command that is about no key. */
  Future<Reply> send(Request request) {
    return send(request, false);
  }

  private Future<Reply> send(Request request, boolean durable) {
    if (!line.isUp()) {
      return refused("not connected");
    }
    if (inFlight.size() >= config.maxInFlight()) {
      return refused("too many commands in flight");
    }
    PendingCommand pending =
        new PendingCommand(request, durable && config.waitReplicas() > 0, metrics);
    inFlight.add(pending);
    writes.add(pending);
    return pending.future();
  }

  /**
   * Lets a command that was redirected here pass, which its slot's migration makes an exception of.
   */
  Future<Reply> sendAsking(Request request, boolean durable) {
    send(Request.cmd(Command.ASKING), false);
    return send(request, durable);
  }

  private Future<Reply> refused(String why) {
    metrics.refused();
    return Future.failedFuture(new RedisUnavailableException(why));
  }

  private void write(PendingCommand pending) {
    if (pending.isDone()) {
      return; // its deadline passed while it was held
    }
    long now = System.nanoTime();
    if (lastSentNanos <= lastReplyNanos) {
      firstUnanswered = now;
    }
    lastSentNanos = now;
    int sentIn = line.generation();
    line.send(pending.request()).onComplete(done -> {
      if (sentIn == line.generation()) {
        lastReplyNanos = System.nanoTime();
      }
      if (done.failed()) {
        pending.fail(done.cause());
        doubtIfReplica(sentIn, done.cause());
      } else {
        pending.answered(done.result());
      }
      discardDone();
    });
    if (pending.isDurable()) {
      unreplicated.add(pending);
    }
  }

  /** What was written together is asked about together: WAIT holds up all that comes after it. */
  private void written() {
    if (unreplicated.isEmpty() || !line.isUp()) {
      return;
    }
    List<PendingCommand> batch = List.copyOf(unreplicated);
    unreplicated.clear();
    Request wait = Request.cmd(Command.WAIT)
        .arg(config.waitReplicas())
        .arg(config.waitTimeout().toMillis());
    line.send(wait).onComplete(done -> {
      boolean enough = done.succeeded() && done.result().toInteger() >= config.waitReplicas();
      for (PendingCommand pending : batch) {
        if (enough) {
          pending.replicated();
        } else {
          pending.notReplicated();
        }
      }
      discardDone();
    });
  }

  private void doubtIfReplica(int sentIn, Throwable cause) {
    if (cause instanceof ErrorType && RedisErrorException.isReadOnly(cause.getMessage())) {
      line.lose(sentIn, "the server has become a replica");
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
    long timeout = config.commandTimeout().toNanos();
    // Taken out first: whoever hears of it may send again at once.
    while (!inFlight.isEmpty() && now - inFlight.peek().sinceNanos() >= timeout) {
      inFlight.poll().expire();
    }
    line.check();
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
    boolean another = before != null && before != line.dialled();
    before = line.dialled();
    onUp.up(another);
  }

  private void lost(String why) {
    writes.clear(PendingCommand::refuse);
    unreplicated.clear();
    while (!inFlight.isEmpty()) {
      inFlight.poll().expire(); // as in sweep; but nothing is taken before there is a connection
    }
  }
}
