package dev.chatgateway.socketio.engine;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes sessions once per turn of their loop: what a client gets in one turn leaves in one system
 * call, or in the answer to one poll.
 */
final class Flusher {
  private static final FastThreadLocal<Flusher> OF_LOOP = new FastThreadLocal<>() {
    @Override
    protected Flusher initialValue() {
      return new Flusher();
    }
  };

  private List<EngineSession> unflushed = new ArrayList<>();
  private List<EngineSession> flushing = new ArrayList<>();

  private Flusher() {}

  /** Sees to it that the session is flushed when the loop's current tasks are done. */
  static void soon(EventLoop loop, EngineSession session) {
    OF_LOOP.get().add(loop, session);
  }

  private void add(EventLoop loop, EngineSession session) {
    unflushed.add(session);
    if (unflushed.size() == 1) {
      loop.execute(this::flush);
    }
  }

  private void flush() {
    List<EngineSession> batch = unflushed;
    unflushed = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    batch.clear();
  }
}
