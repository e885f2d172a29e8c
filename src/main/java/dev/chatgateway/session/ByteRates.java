package dev.chatgateway.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts, for each user of this pod, the bytes sent on demand, by the generic cell rate algorithm as
 * in {@link RateLimit}. The state of a user outlasts the user's connections for as long as it limits
 * anything. May be called from any thread.
 */
final class ByteRates {
  private static final double NANOS = 1e9;
  private static final int FEW = 1024;

  private final double nanosPerByte;
  private final long burstNanos;
  private final ConcurrentHashMap<String, State> states = new ConcurrentHashMap<>();
  private volatile int purgeAt = FEW;

  /**
   * @param arrival when all that was taken has been made up for
   * @param promised when all that were refused have had their time
   */
  private record State(long arrival, long promised) {}

  ByteRates(LimitsConfig.ByteRate rate) {
    nanosPerByte = NANOS / Math.max(1, rate.perSecond().asLongValue());
    burstNanos = cost(rate.burst().asLongValue());
  }

  /**
   * Takes bytes, also in advance.
   *
   * @return nanoseconds until they may be sent
   */
  long take(String userId, long bytes, long nowNanos) {
    AtomicReference<Long> wait = new AtomicReference<>();
    states.compute(userId, (user, state) -> {
      long ahead = ahead(state, nowNanos);
      wait.set(wait(ahead, bytes));
      return new State(nowNanos + ahead + cost(bytes), promised(state, nowNanos));
    });
    purge(nowNanos);
    return wait.get();
  }

  /**
   * Takes bytes if they may be sent at once.
   *
   * @return 0, or in how many nanoseconds they may be if nothing else is taken but what was refused
   *     before, each at its time
   */
  long takeNow(String userId, long bytes, long nowNanos) {
    AtomicReference<Long> wait = new AtomicReference<>();
    states.compute(userId, (user, state) -> {
      long ahead = ahead(state, nowNanos);
      long needed = wait(ahead, bytes);
      if (needed == 0) {
        wait.set(0L);
        return new State(nowNanos + ahead + cost(bytes), promised(state, nowNanos));
      }
      long at = Math.max(needed, promised(state, nowNanos) - nowNanos);
      wait.set(at);
      return new State(nowNanos + ahead, nowNanos + at + cost(bytes));
    });
    purge(nowNanos);
    return wait.get();
  }

  /** Gives bytes back that were taken and not sent; takes more where the number is negative. */
  void giveBack(String userId, long bytes, long nowNanos) {
    states.compute(userId, (user, state) -> {
      long ahead = Math.max(0, ahead(state, nowNanos) - cost(bytes));
      return new State(nowNanos + ahead, promised(state, nowNanos));
    });
  }

  private long cost(long bytes) {
    return (long) (bytes * nanosPerByte);
  }

  // One answer may be larger than the burst: it then waits for the whole of it.
  private long wait(long ahead, long bytes) {
    return Math.max(0, ahead + Math.min(cost(bytes), burstNanos) - burstNanos);
  }

  private static long ahead(State state, long nowNanos) {
    return state == null ? 0 : Math.max(0, state.arrival - nowNanos);
  }

  private static long promised(State state, long nowNanos) {
    return state == null || state.promised - nowNanos < 0 ? nowNanos : state.promised;
  }

  // What is back at its beginning says nothing.
  private void purge(long nowNanos) {
    if (states.size() > purgeAt) {
      states
          .values()
          .removeIf(state -> state.arrival - nowNanos <= 0 && state.promised - nowNanos <= 0);
      purgeAt = Math.max(FEW, 2 * states.size());
    }
  }

  /** How many users are remembered. */
  int size() {
    return states.size();
  }
}
