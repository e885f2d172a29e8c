package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
  private static final long MS = 1_000_000;

  private long arrival;

  // System.nanoTime may be anything, and wraps around.
  @ParameterizedTest
  @ValueSource(longs = {0, 5, -1_000_000_000_000L, Long.MAX_VALUE - 50 * MS, Long.MIN_VALUE})
  void theBurstPassesAtOnceAndThenOnePerInterval(long start) {
    RateLimit limit = new RateLimit(10, 3);
    arrival = start;

    for (int i = 0; i < 3; i++) {
      assertThat(pass(limit, start)).isZero();
    }
    assertThat(pass(limit, start)).isEqualTo(100 * MS);
    assertThat(pass(limit, start + 99 * MS)).isEqualTo(MS);
    assertThat(pass(limit, start + 100 * MS)).isZero();
    assertThat(pass(limit, start + 100 * MS)).isEqualTo(100 * MS);
  }

  @Test
  void whatIsRefusedDoesNotCount() {
    RateLimit limit = new RateLimit(10, 1);
    assertThat(pass(limit, 0)).isZero();
    for (int i = 0; i < 1000; i++) {
      assertThat(pass(limit, 50 * MS)).isEqualTo(50 * MS);
    }
    assertThat(pass(limit, 100 * MS)).isZero();
  }

  @Test
  void aQuietTimeGivesTheBurstBackAndNoMore() {
    RateLimit limit = new RateLimit(10, 3);
    for (int i = 0; i < 3; i++) {
      pass(limit, 0);
    }
    long later = 3_600_000 * MS;
    for (int i = 0; i < 3; i++) {
      assertThat(pass(limit, later)).isZero();
    }
    assertThat(pass(limit, later)).isPositive();
  }

  private long pass(RateLimit limit, long now) {
    long wait = limit.waitNanos(arrival, now);
    if (wait == 0) {
      arrival = limit.next(arrival, now);
    }
    return wait;
  }
}
