package dev.chatgateway.session;

import dev.chatgateway.redis.RedisLinks;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.ArrayList;
import java.util.List;

/** The event loops of the pod, each with its own connection to Redis. */
public final class Loops {
  private static final int BACKGROUND_AT_ONCE = 64;

  private final List<Loop> all;

  private Loops(List<Loop> all) {
    this.all = List.copyOf(all);
  }

  /** All loops of that Vert.x. */
  public static Loops of(Vertx vertx, RedisLinks redis) {
    VertxInternal internal = (VertxInternal) vertx;
    List<Loop> all = new ArrayList<>();
    for (EventExecutor executor : internal.getEventLoopGroup()) {
      EventLoop eventLoop = (EventLoop) executor;
      Context context = internal.createEventLoopContext(
          eventLoop, internal.getWorkerPool(), Thread.currentThread().getContextClassLoader());
      all.add(new Loop(
          all.size(), eventLoop, context, redis.commands(context), new Pacer(BACKGROUND_AT_ONCE)));
    }
    return new Loops(all);
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
