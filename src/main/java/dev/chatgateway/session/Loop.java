package dev.chatgateway.session;

import dev.chatgateway.redis.RedisLink;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One event loop of the pod with what belongs to it. What hangs on a loop is touched on that loop
 * only, and so needs no locks.
 *
 * @param index from 0, for arrays with a place per loop
 * @param background for what has to be done in the end, and must not crowd out what clients wait for
 */
public record Loop(
    int index, EventLoop executor, Context context, RedisLink redis, Pacer background) {
  private static final Logger LOG = Logger.getLogger(Loop.class);

  /** Runs the action on the loop after that many milliseconds. */
  public void after(long ms, Runnable action) {
    executor.schedule(guarded(action), ms, TimeUnit.MILLISECONDS);
  }

  /** Runs the action on the loop again and again, with that many milliseconds between. */
  public void every(long ms, Runnable action) {
    executor.scheduleWithFixedDelay(guarded(action), ms, ms, TimeUnit.MILLISECONDS);
  }

  // The executor would keep a failure to itself, and never run a repeated action again.
  private static Runnable guarded(Runnable action) {
    return () -> {
      try {
        action.run();
      } catch (Throwable e) { // out of memory, say: it may be better the next time
        LOG.error("A task of an event loop failed", e);
      }
    };
  }

  /** Runs the action on the loop: at once if this is it, else as its next task. */
  public void run(Runnable action) {
    if (executor.inEventLoop()) {
      action.run();
    } else {
      executor.execute(action);
    }
  }
}
