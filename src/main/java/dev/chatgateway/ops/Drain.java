package dev.chatgateway.ops;

import dev.chatgateway.presence.Lease;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ServerEvents;
import dev.chatgateway.session.Sessions;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Sends the clients of a pod that stops to others: told to come back, then closed with 1012. */
public final class Drain {
  private static final Logger LOG = Logger.getLogger(Drain.class);
  private static final long LOOK_EVERY_MS = 20;

  private final Sessions sessions;
  private final Lease lease;
  private final DrainConfig config;
  private volatile boolean draining;
  private volatile boolean closed;

  public Drain(Sessions sessions, Lease lease, DrainConfig config) {
    this.sessions = sessions;
    this.lease = lease;
    this.config = config;
  }

  /** Whether the pod takes no more connections. */
  public boolean isDraining() {
    return draining;
  }

  /** From now on the pod takes no more connections. */
  public void begin() {
    draining = true;
  }

  /** Closes all connections; returns when they are gone, or the time is up. Blocks. */
  public void closeAll() throws InterruptedException {
    if (closed) {
      return;
    }
    closed = true;
    begin();
    LOG.infof("Stopping: asking %d connections to go to another pod", sessions.count());
    long spread = Math.max(1, config.spread().toMillis());
    sessions.forEach(session -> {
      session.send(
          ServerEvents.reconnect("stopping", ThreadLocalRandom.current().nextLong(spread)));
      session.close(CloseCode.RESTART);
    });
    long deadline = System.nanoTime() + config.timeout().toNanos();
    while (sessions.count() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(LOOK_EVERY_MS);
    }
    lease.close();
    LOG.infof("Stopped with %d connections left", sessions.count());
  }
}
