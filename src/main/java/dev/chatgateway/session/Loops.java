package dev.chatgateway.session;

import dev.chatgateway.redis.RedisLinks;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of the pod, each with its own connection to Redis. */
public final class Loops {
  private static final int BACKGROUND_AT_ONCE = 64;
  private static final int IO_RATIO = 50; // Netty's own
  private static final long SHUTDOWN_MS = 2000;

  private final List<Loop> all;

  private Loops(List<Loop> all) {
    this.all = List.copyOf(all);
  }

  /** All loops of that Vert.x. */
  public static Loops of(Vertx vertx, RedisLinks redis) {
    VertxInternal internal = (VertxInternal) vertx;
    List<Loop> all = new ArrayList<>();
    for (EventExecutor executor : internal.getEventLoopGroup()) {
      all.add(loop(internal, all.size(), (EventLoop) executor, redis));
    }
    return new Loops(all);
  }

  /**
   * Starts a loop on a thread of its own, with a connection to Redis of its own: work there waits for
   * no client's work. Ends with Vert.x.
   *
   * @param thread the name of the thread
   */
  public static Loop apart(Vertx vertx, RedisLinks redis, String thread) {
    VertxInternal internal = (VertxInternal) vertx;
    EventLoopGroup group = internal
        .transport()
        .eventLoopGroup(
            Transport.IO_EVENT_LOOP_GROUP, 1, new DefaultThreadFactory(thread, true), IO_RATIO);
    // Vert.x closes its connections first, those of this loop among them, and its own loops last.
    internal
        .getEventLoopGroup()
        .terminationFuture()
        .addListener(ended -> group.shutdownGracefully(0, SHUTDOWN_MS, TimeUnit.MILLISECONDS));
    return loop(internal, 0, group.next(), redis);
  }

  private static Loop loop(VertxInternal vertx, int index, EventLoop eventLoop, RedisLinks redis) {
    Context context = vertx.createEventLoopContext(
        eventLoop, vertx.getWorkerPool(), Thread.currentThread().getContextClassLoader());
    return new Loop(
        index, eventLoop, context, redis.commands(context), new Pacer(BACKGROUND_AT_ONCE));
  }

  public List<Loop> all() {
    return all;
  }

  /** The loop that the relay and everything of the pod as a whole lives on. */
  public Loop main() {
    return all.get(0);
  }

  /** The loop of that Netty event loop. */
  public Loop of(EventLoop executor) {
    for (Loop loop : all) {
      if (loop.executor() == executor) {
        return loop;
      }
    }
    throw new IllegalArgumentException("not a loop of this pod");
  }

  /** The loop this is called on, or else the main one. */
  public Loop current() {
    for (Loop loop : all) {
      if (loop.executor().inEventLoop()) {
        return loop;
      }
    }
    return main();
  }
}
