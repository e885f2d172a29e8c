package dev.chatgateway.socket;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes connections once per turn of their loop: what a client gets in one turn leaves in one
 * system call, of which a busy room, or a reply beside its broadcast, would otherwise take many.
 */
final class Flusher {
  private static final FastThreadLocal<Flusher> OF_LOOP = new FastThreadLocal<>() {
    @Override
    protected Flusher initialValue() {
      return new Flusher();
    }
  };

  private List<SocketOutbound> unflushed = new ArrayList<>();
  private List<SocketOutbound> flushing = new ArrayList<>();

  private Flusher() {}

  /** Sees to it that the connection is flushed when the loop's current tasks are done. */
  static void soon(EventLoop loop, SocketOutbound outbound) {
    OF_LOOP.get().add(loop, outbound);
  }

  private void add(EventLoop loop, SocketOutbound outbound) {
    unflushed.add(outbound);
    if (unflushed.size() == 1) {
      loop.execute(this::flush);
    }
  }

  private void flush() {
    List<SocketOutbound> batch = unflushed;
    unflushed = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    batch.clear();
  }
}
