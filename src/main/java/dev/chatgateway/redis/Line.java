package dev.chatgateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The connection that a link has to Redis at a time: dialled with a time limit, and anew whenever it
 * ends or its link gives it up, after a random pause that grows while nothing comes of it. All
 * methods must be called on its loop.
 */
final class Line {
  private static final Logger LOG = Logger.getLogger(Line.class);

  private final RedisLinks links;
  private final Vertx vertx;
  private final ContextInternal context;
  private final Target target;
  private final Greeting greeting;
  private final RedisConfig config;
  private final RedisMetrics metrics;
  private final Consumer<RedisConnection> onConnected;
  private final Consumer<String> onLost;

  private Redis client;
  private RedisConnection connection;
  private RedisOptions dialled;
  private boolean sharded;
  private int generation;
  private long backoffMs;
  private boolean closed;

  /**
   * @param onConnected hears of each new connection
   * @param onLost hears why a connection is gone; a new one is on its way unless that was {@link
   *     #close()}
   */
  Line(
      RedisLinks links,
      Context context,
      Target target,
      Consumer<RedisConnection> onConnected,
      Consumer<String> onLost) {
    this.links = links;
    this.vertx = links.vertx();
    this.context = (ContextInternal) context;
    this.target = target;
    this.config = links.config();
    this.metrics = links.metrics();
    this.onConnected = onConnected;
    this.onLost = onLost;
    this.greeting = new Greeting(target, config.shardedPubSub());
    proved();
  }

  boolean isUp() {
    return connection != null;
  }

  /** Whether the server knows sharded channels, and they are to be used. */
  boolean isSharded() {
    return sharded;
  }

  boolean isClosed() {
    return closed;
  }

  /** Names the present connection, or the want of one; another has another. */
  int generation() {
    return generation;
  }

  /** What was last connected to: the same object for the same server. */
  RedisOptions dialled() {
    return dialled;
  }

  /** Sends on the connection, which there must be. The answer comes on the loop. */
  Future<Response> send(Request request) {
    // Off a Vert.x context, as in a plain task of the loop, the answer would come on any loop.
    ContextInternal previous = context.beginDispatch();
    try {
      return connection.send(request);
    } finally {
      context.endDispatch(previous);
    }
  }

  /** The connection is of use: the pause before the next one is short again. */
  void proved() {
    backoffMs = config.minBackoff().toMillis();
  }

  /** Connects, and keeps at it until {@link #close()}. */
  void connect() {
    if (closed || links.isEnding()) {
      return;
    }
    int mine = ++generation;
    RedisOptions options = target.options();
    if (options == null) {
      reconnectLater(); // it has not been found out yet
      return;
    }
    Redis attempt = Redis.createClient(vertx, new RedisOptions(options));
    Promise<Greeting.Greeted> connecting = Promise.promise();
    long timer = vertx.setTimer(
        config.connectTimeout().toMillis(), late -> connecting.tryFail("connect timed out"));
    attempt.connect().compose(greeting::exchange).onComplete(done -> {
      if (done.succeeded()
          ? !connecting.tryComplete(done.result())
          : !connecting.tryFail(done.cause())) {
        discard(attempt); // too late
      }
    });
    connecting.future().onComplete(done -> {
      vertx.cancelTimer(timer);
      if (closed || mine != generation || done.failed()) {
        discard(attempt);
        if (done.failed() && mine == generation && !links.isEnding()) {
          links.tellOfFailure(done.cause().getMessage());
          target.doubted();
          reconnectLater();
        }
        return;
      }
      client = attempt;
      dialled = options;
      sharded = done.result().sharded();
      connection = done.result().connection();
      connection.exceptionHandler(e -> lose(mine, String.valueOf(e.getMessage())));
      connection.endHandler(e -> lose(mine, "closed by the server"));
      onConnected.accept(connection);
    });
  }

  /** Gives the connection up where it leads to a server that is no longer the one to use. */
  void check() {
    if (connection != null && target.options() != dialled) {
      replace("another server has taken over"); // which is known, and so not in doubt
    }
  }

  /** Gives the connection of that generation up; does nothing where that is gone already. */
  void lose(int which, String why) {
    if (which == generation && connection != null) {
      replace(why);
      target.doubted();
    }
  }

  private void replace(String why) {
    metrics.disconnected();
    LOG.debugf("Lost a connection to Redis: %s", why);
    drop(why);
    reconnectLater();
  }

  /** Ends the connection, and dials no more. */
  void close() {
    closed = true;
    if (connection != null) {
      drop("closed");
    }
  }

  private void drop(String why) {
    generation++;
    connection = null;
    discard(client);
    client = null;
    onLost.accept(why);
  }

  private void discard(Redis unneeded) {
    if (!links.isEnding()) { // else Vert.x closes it, on loops that may be no more
      unneeded.close();
    }
  }

  private void reconnectLater() {
    if (!closed && !links.isEnding()) {
      context.runOnContext(later -> scheduleConnect());
    }
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
}
