package dev.chatgateway.chaos.fault;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One way of a connection through a {@link TcpProxy}. On its event loop. A sender that resets its
 * connection discards what it has under way, so what was held back is dropped then.
 */
final class Pipe {
  private final Vertx vertx;
  private final NetSocket from;
  private final NetSocket to;
  private final Delay delay;
  private final Deque<Parcel> underWay = new ArrayDeque<>();
  private Consumer<Buffer> watcher = bytes -> {};
  private Runnable end = () -> {};
  private long lastDue;
  private boolean held;
  private boolean reset;
  private boolean releasing;
  private int holds; // each revokes a release that is under way

  /** Bytes, or null for the end of the connection. */
  private record Parcel(Buffer bytes, long due) {}

  Pipe(Vertx vertx, NetSocket from, NetSocket to, Delay delay) {
    this.vertx = vertx;
    this.from = from;
    this.to = to;
    this.delay = delay;
    from.handler(this::take);
    // Comes after the last bytes, and only once they have been read.
    from.endHandler(ended -> take(null));
    from.exceptionHandler(this::broken); // the end follows
    from.pause();
  }

  /** Called with what has come, before it is passed on. */
  void onBytes(Consumer<Buffer> action) {
    watcher = action;
  }

  /** Called once the end has been passed on. */
  void onEnd(Runnable action) {
    end = action;
  }

  /** Stops what goes this way. The sender's bytes stay in its own buffers. */
  void hold() {
    from.pause();
    held = true;
    holds++;
    releasing = false;
  }

  /**
   * Lets it go on, with what was held back that much later: by then it is known, too, whether the
   * sender has reset its connection meanwhile.
   */
  void release(long delayMs) {
    from.resume();
    if (!held || releasing) {
      return;
    }
    releasing = true;
    int mine = holds;
    vertx.setTimer(delayMs, due -> {
      if (mine == holds) {
        releasing = false;
        held = false;
        deliver();
      }
    });
  }

  private void broken(Throwable how) {
    if (held) {
      reset = true;
      underWay.clear();
    }
  }

  private void take(Buffer bytes) {
    if (bytes != null) {
      if (reset) {
        return; // was in a buffer, before the reset
      }
      watcher.accept(bytes);
    }
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    lastDue = Math.max(lastDue, now + delay.next());
    underWay.add(new Parcel(bytes, lastDue));
    if (lastDue > now) {
      vertx.setTimer(lastDue - now, due -> deliver());
    } else {
      deliver();
    }
  }

  private void deliver() {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    while (!held && !underWay.isEmpty() && underWay.peek().due() <= now) {
      Buffer bytes = underWay.poll().bytes();
      if (bytes == null) {
        to.close();
        end.run();
      } else {
        to.write(bytes);
      }
    }
  }
}
