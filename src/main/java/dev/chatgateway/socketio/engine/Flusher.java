package dev.chatgateway.socketio.engine;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes transports once per turn of their loop: what a client gets in one turn leaves in one
 * system call, or in the answer to one poll.
 */
final class Flusher {
  private static final FastThreadLocal<Flusher> OF_LOOP = new FastThreadLocal<>() {
    @Override
    protected Flusher initialValue() {
      return new Flusher();
    }
  };

  private List<Transport> unflushed = new ArrayList<>();
  private List<Transport> flushing = new ArrayList<>();

  private Flusher() {}

  /** Sees to it that the transport is flushed when the loop's current tasks are done. */
  static void soon(EventLoop loop, Transport transport) {
    OF_LOOP.get().add(loop, transport);
  }

  private void add(EventLoop loop, Transport transport) {
    unflushed.add(transport);
    if (unflushed.size() == 1) {
      loop.execute(this::flush);
    }
  }

  private void flush() {
    List<Transport> batch = unflushed;
    unflushed = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    batch.clear();
  }
}
