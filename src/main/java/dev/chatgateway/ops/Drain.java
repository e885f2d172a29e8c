package dev.chatgateway.ops;

import dev.chatgateway.presence.Lease;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.session.Door;
import dev.chatgateway.session.Farewell;
import dev.chatgateway.session.Loop;
import dev.chatgateway.session.Loops;
import dev.chatgateway.session.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Sends the clients of a pod that stops to others. First the pod is unready and serves on, then it
 * takes no more connections, and those it has are asked to go and closed with 1012, evenly.
 */
public final class Drain {
  private static final Logger LOG = Logger.getLogger(Drain.class);
  private static final long LOOK_EVERY_MS = 20;
  private static final long CLEAR_EVERY_NANOS = 500_000_000;
  // For what is closed in a hurry to reach clients and the store.
  private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

  private final Loops loops;
  private final Sessions sessions;
  private final Lease lease;
  private final DrainConfig config;
  private final Farewell farewell;
  private final List<Door> doors = new CopyOnWriteArrayList<>();
  private final CountDownLatch hurried = new CountDownLatch(1);
  private volatile boolean draining;
  private volatile boolean refusing;
  private boolean closed;

  public Drain(Loops loops, Sessions sessions, Lease lease, DrainConfig config) {
    this.loops = loops;
    this.sessions = sessions;
    this.lease = lease;
    this.config = config;
    this.farewell = new Farewell("stopping", config.spread());
  }

  /** A door that has to be cleared as well. */
  public void add(Door door) {
    doors.add(door);
  }

  /** How clients of a pod that stops are asked to go. */
  public Farewell farewell() {
    return farewell;
  }

  /** Whether the pod is to be sent no more connections. */
  public boolean isDraining() {
    return draining;
  }

  /** Whether the pod takes no more connections. */
  public boolean isRefusing() {
    return refusing;
  }

  /** Cuts all waiting short: the pod stops now. */
  public void hurry() {
    hurried.countDown();
  }

  /** Closes all connections; returns when they are gone, or the time is up. Blocks. */
  public synchronized void closeAll() throws InterruptedException {
    if (closed) {
      return;
    }
    closed = true;
    draining = true;
    LOG.infof(
        "Stopping within %d ms: serving on for %d ms",
        DrainConfig.longest(config).toMillis(), config.delay().toMillis());
    boolean hurry = hurried.await(config.delay().toMillis(), TimeUnit.MILLISECONDS);
    refusing = true;
    if (!hurry) {
      int count = sessions.count() + doors.stream().mapToInt(Door::others).sum();
      Duration over = over(count);
      LOG.infof("Asking %d connections to go to another pod, over %d ms", count, over.toMillis());
      sessions.onEachLoop((loop, all) -> farewell.to(loop, all, over));
      awaitEnd(over);
    }
    int left = sessions.count();
    sessions.forEach(session -> {
      farewell.to(session);
      session.close(CloseCode.RESTART);
    });
    awaitLast();
    lease.close();
    LOG.infof("Stopped; %d connections were closed without more ado", left);
  }

  /** So many go at the rate that is wanted, or else over the window. */
  private Duration over(int count) {
    Duration atRate = Duration.ofMillis(1000L * count / config.rate());
    return atRate.compareTo(config.window()) < 0 ? atRate : config.window();
  }

  private void awaitEnd(Duration over) throws InterruptedException {
    long begun = System.nanoTime();
    long patience = over.plus(config.spread()).plus(config.timeout()).toNanos();
    long clearAt = begun;
    for (long now = begun; now - begun < patience && !isDone(); now = System.nanoTime()) {
      if (now - clearAt >= 0) {
        clearAt = now + CLEAR_EVERY_NANOS;
        long late = now - begun;
        Duration left = over.minusNanos(Math.min(late, over.toNanos()));
        doors.forEach(door -> door.clear(left));
        if (left.isZero()) {
          sessions.forEach(farewell::to); // who was let in just before
        }
      }
      if (hurried.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private void awaitLast() throws InterruptedException {
    long deadline = System.nanoTime() + LAST_MOMENT.toNanos();
    while (!(sessions.count() == 0 && isAllStored()) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
  }

  private boolean isDone() throws InterruptedException {
    return sessions.count() == 0 && doors.stream().allMatch(Door::isClear) && isAllStored();
  }

  // What the last clients left is stored in the background of each loop.
  private boolean isAllStored() throws InterruptedException {
    AtomicInteger busy = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(loops.all().size());
    for (Loop loop : loops.all()) {
      loop.executor().execute(() -> {
        if (!loop.background().isIdle()) {
          busy.incrementAndGet();
        }
        asked.countDown();
      });
    }
    return asked.await(1, TimeUnit.SECONDS) && busy.get() == 0;
  }
}
