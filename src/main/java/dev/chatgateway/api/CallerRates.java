package dev.chatgateway.api;

import dev.chatgateway.session.RateLimit;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often each caller writes, on this pod. Remembers a bounded number of callers. */
final class CallerRates {
  private static final int MAX_CALLERS = 1000;

  private final RateLimit limit;
  // In the order of their last call: it is the longest silent, whose state says least, that goes.
  private final Map<String, Long> arrivals = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > MAX_CALLERS;
    }
  };

  CallerRates(RateLimit limit) {
    this.limit = limit;
  }

  /**
   * Takes one call off a caller's rate.
   *
   * @return how many milliseconds to wait; 0 where it may pass
   */
  synchronized long spend(String caller, long nowNanos) {
    long arrival = arrivals.getOrDefault(caller, nowNanos);
    long waitNanos = limit.waitNanos(arrival, nowNanos);
    if (waitNanos > 0) {
      return (waitNanos + 999_999) / 1_000_000;
    }
    arrivals.put(caller, limit.next(arrival, nowNanos));
    return 0;
  }
}
