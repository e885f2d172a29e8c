package dev.chatgateway.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The connections of this pod, loop by loop, and the clock that looks after them. */
public final class Sessions {
  private static final long TICK_MS = 500;

  private final String podId;
  private final LimitsConfig limits;
  private final SessionMetrics metrics;
  private final Loops loops;
  private final long maxPendingBytes;
  private final ByteRates onDemand;
  private final AtomicLong numbers = new AtomicLong();
  private final List<List<Session>> byLoop = new ArrayList<>();
  private final List<Consumer<Session>> onEnd = new ArrayList<>();
  private volatile boolean degraded;

  /**
   * @param podId what the ids of this pod's connections begin with
   */
  public Sessions(String podId, Loops loops, LimitsConfig limits, SessionMetrics metrics) {
    this.podId = podId;
    this.loops = loops;
    this.limits = limits;
    this.metrics = metrics;
    this.maxPendingBytes = limits.outboundQueue().asLongValue();
    this.onDemand = new ByteRates(limits.onDemand());
    for (Loop loop : loops.all()) {
      byLoop.add(new ArrayList<>());
      loop.every(TICK_MS, () -> tick(loop));
    }
  }

  /**
   * Adds what is to be done, on the session's loop, when a session has ended or does nothing more.
   * Before any opens.
   */
  public void onEnd(Consumer<Session> action) {
    onEnd.add(action);
  }

  /** Takes a new connection in. Call on its loop. */
  public Session open(Loop loop, Outbound out) {
    long number = numbers.incrementAndGet();
    String id = podId + "." + Long.toString(number, Character.MAX_RADIX);
    Session session = new Session(id, number, loop, out, this, System.nanoTime());
    metrics.opened(session.door());
    byLoop.get(loop.index()).add(session);
    if (metrics.connections() > limits.connections()) {
      session.close(Endings.podFull());
    }
    return session;
  }

  /** The connection of that session has gone. Call on its loop, once. */
  public void ended(Session session) {
    List<Session> all = byLoop.get(session.loop().index());
    int at = all.indexOf(session);
    if (at < 0) {
      return;
    }
    Session last = all.remove(all.size() - 1);
    if (last != session) {
      all.set(at, last);
    }
    metrics.ended(session.door());
    session.ended();
    tellEnd(session);
  }

  /** Has done, once, what is to be done when the session has ended. */
  void tellEnd(Session session) {
    if (session.takeEnd()) {
      onEnd.forEach(action -> action.accept(session));
    }
  }

  /** Does something with each session, each on its own loop. */
  public void forEach(Consumer<Session> action) {
    onEachLoop((loop, all) -> all.forEach(action));
  }

  /** Does something with all sessions of each loop, on that loop. */
  public void onEachLoop(BiConsumer<Loop, List<Session>> action) {
    for (Loop loop : loops.all()) {
      loop.run(() -> action.accept(loop, List.copyOf(byLoop.get(loop.index()))));
    }
  }

  /**
   * Finds the so many that have been here for longest, of those that match: the predicate is asked on
   * the session's loop, and the list, oldest first, comes on the main one.
   */
  public void oldest(int count, Predicate<Session> which, Consumer<List<Session>> then) {
    Comparator<Session> byAge = Comparator.comparingLong(Session::number);
    List<List<Session>> found = new ArrayList<>(); // on the main loop
    for (Loop loop : loops.all()) {
      loop.run(() -> {
        List<Session> some = byLoop.get(loop.index()).stream()
            .filter(which)
            .sorted(byAge)
            .limit(count)
            .toList();
        loops.main().run(() -> {
          found.add(some);
          if (found.size() == loops.all().size()) {
            then.accept(
                found.stream().flatMap(List::stream).sorted(byAge).limit(count).toList());
          }
        });
      });
    }
  }

  /** The number of the connection that came last. */
  public long newest() {
    return numbers.get();
  }

  /** How many connections there are now. */
  public int count() {
    return metrics.connections();
  }

  /** Whether the pod is cut off from its store, which new connections are told. */
  public boolean isDegraded() {
    return degraded;
  }

  public void setDegraded(boolean now) {
    degraded = now;
  }

  public SessionMetrics metrics() {
    return metrics;
  }

  long maxPendingBytes() {
    return maxPendingBytes;
  }

  /** The bytes that users are sent on demand. */
  ByteRates onDemand() {
    return onDemand;
  }

  private void tick(Loop loop) {
    long nowNanos = System.nanoTime();
    long nowMs = System.currentTimeMillis();
    List<Session> all = byLoop.get(loop.index());
    // From the end: a session that closes may leave the list meanwhile, and its last one moves up.
    for (int i = all.size() - 1; i >= 0; i--) {
      if (i < all.size()) {
        all.get(i).tick(limits, nowNanos, nowMs);
      }
    }
  }
}
