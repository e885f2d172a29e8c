package dev.chatgateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private long now = Long.MAX_VALUE - 1; // it may overflow
  private final LogThrottle throttle = new LogThrottle(SECOND, () -> now);

  @Test
  void oneLineIsAdmittedPerInterval() {
    assertThat(throttle.admits()).isTrue();
    assertThat(throttle.admits()).isFalse();
    now += SECOND.toNanos() - 1;
    assertThat(throttle.admits()).isFalse();
    now++;
    assertThat(throttle.admits()).isTrue();
    assertThat(throttle.admits()).isFalse();
  }

  @Test
  void resetAdmitsTheNextLineAtOnce() {
    assertThat(throttle.admits()).isTrue();

    throttle.reset();

    assertThat(throttle.admits()).isTrue();
    assertThat(throttle.admits()).isFalse();
  }
}
