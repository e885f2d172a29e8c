package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AgeLimitTest {
  private static final long AGE = Duration.ofHours(1).toNanos();

  private final AgeLimit limit = new AgeLimit(Duration.ofHours(1));

  @Test
  void thoseWhoCameTogetherReachItSpreadEvenlyOverATenthMoreOrLess() {
    int[] tenths = new int[10];
    LongStream.rangeClosed(1, 1000).map(limit::limitNanos).forEach(nanos -> {
      assertThat(nanos).isBetween(AGE / 10 * 9, AGE / 10 * 11);
      tenths[(int) Math.min(9, (nanos - AGE / 10 * 9) / (AGE / 50))]++;
    });
    for (int count : tenths) {
      assertThat(count).isBetween(90, 110);
    }
  }

  @Test
  void aConnectionsLimitStaysTheSame() {
    long opened = Long.MAX_VALUE - 5; // the clock may overflow
    long nanos = limit.limitNanos(7);
    assertThat(limit.isReached(7, opened, opened + nanos - 1)).isFalse();
    assertThat(limit.isReached(7, opened, opened + nanos)).isTrue();
  }
}
