package dev.chatgateway.session;

import dev.chatgateway.protocol.ChatException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;

/**
 * Lets the large answers of one session leave one after the other, as fast as the client reads and as
 * the user's rate of bytes allows: each is read from the store only when it has a place in the
 * outbound queue. What leaves this way never counts as too much for a slow client. On the session's
 * loop only.
 */
public final class Outlet {
  private final Session session;
  private final Outbound out;
  private final ByteRates rates;
  private final long mark;
  private final ArrayDeque<Claim> waiting = new ArrayDeque<>(4);
  private long granted;
  private long leaving;
  private boolean watching;
  private boolean pumping;
  private boolean pumpAgain;
  private boolean closed;

  /**
   * @param mark bytes in the outbound queue up to which more is let in
   */
  Outlet(Session session, Outbound out, ByteRates rates, long mark) {
    this.session = session;
    this.out = out;
    this.rates = rates;
    this.mark = mark;
  }

  /**
   * Waits for the rate and for a place in the queue, behind the claims made before.
   *
   * @param bytes as many as there will be at most, about
   * @return fails only where the session ends
   */
  public Future<Claim> claim(long bytes) {
    long now = System.nanoTime();
    String userId = session.principal().userId();
    long wait = rates.take(userId, bytes, now);
    return queue(new Claim(userId, bytes, now + wait));
  }

  /** As {@link #claim}, but fails with {@code rate_limited} where the rate would have it wait. */
  Future<Claim> claimNow(long bytes) {
    long now = System.nanoTime();
    String userId = session.principal().userId();
    long wait = rates.takeNow(userId, bytes, now);
    if (wait > 0) {
      return Future.failedFuture(
          ChatException.rateLimited("too many bytes asked for", wait / 1_000_000 + 1));
    }
    return queue(new Claim(userId, bytes, now));
  }

  private Future<Claim> queue(Claim claim) {
    if (closed) {
      claim.refuse();
    } else {
      waiting.add(claim);
      pump();
    }
    return claim.promise.future();
  }

  /** Bytes in the outbound queue that came this way. */
  long leaving() {
    return leaving;
  }

  /** Gives up what waits: the session has ended. */
  void close() {
    closed = true;
    for (Claim claim; (claim = waiting.poll()) != null; ) {
      claim.refuse();
    }
  }

  private void pump() {
    if (pumping) {
      pumpAgain = true;
      return;
    }
    pumping = true;
    try {
      do {
        pumpAgain = false;
        if (mayGrant()) {
          Claim next = waiting.poll();
          granted += next.bytes;
          pumpAgain = true;
          next.promise.complete(next);
        }
      } while (pumpAgain);
    } finally {
      pumping = false;
    }
  }

  private boolean mayGrant() {
    Claim next = waiting.peek();
    if (next == null || granted > 0) {
      return false; // who settles what was granted looks again
    }
    long wait = next.notBeforeNanos - System.nanoTime();
    if (wait > 0) {
      watch(() -> session.loop().after(wait / 1_000_000 + 1, this::watched));
      return false;
    }
    if (out.pendingBytes() > mark) {
      watch(() -> out.whenSent(this::watched));
      return false;
    }
    return true;
  }

  private void watch(Runnable how) {
    if (!watching) {
      watching = true;
      how.run();
    }
  }

  private void watched() {
    watching = false;
    pump();
  }

  /** A place in the outbound queue. Whoever got it settles it. */
  public final class Claim {
    private final String userId;
    private final long bytes;
    private final long notBeforeNanos;
    private final Promise<Claim> promise = Promise.promise();
    private boolean settled;

    private Claim(String userId, long bytes, long notBeforeNanos) {
      this.userId = userId;
      this.bytes = bytes;
      this.notBeforeNanos = notBeforeNanos;
    }

    /**
     * Ends the claim; only the first time counts. To be called when what was claimed has just been
     * sent.
     *
     * @param used the bytes sent; 0 where nothing was
     */
    public void settle(long used) {
      if (settled) {
        return;
      }
      settled = true;
      granted -= bytes;
      rates.giveBack(userId, bytes - used, System.nanoTime());
      if (used > 0) {
        leaving += used;
        out.whenSent(() -> {
          leaving -= used;
          pump();
        });
      }
      pump();
    }

    private void refuse() {
      settled = true;
      rates.giveBack(userId, bytes, System.nanoTime());
      promise.fail(ChatException.unavailable());
    }
  }
}
