package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** A category logs a burst of warnings, then one a second. */
class WarningThrottleTest {
  private long now = 5;
  private final WarningThrottle.Throttle throttle = new WarningThrottle.Throttle(() -> now);

  private void after(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
  }

  private void useUpBurst(String category) {
    for (int i = 0; i < WarningThrottle.BURST; i++) {
      assertThat(throttle.take(category)).isZero();
    }
  }

  @Test
  void linesBeyondTheBurstAreLeftOutAndCounted() {
    useUpBurst("a");
    for (int i = 0; i < 7; i++) {
      assertThat(throttle.take("a")).isEqualTo(-1);
    }

    after(999);
    assertThat(throttle.take("a")).isEqualTo(-1);
    after(1);
    assertThat(throttle.take("a")).isEqualTo(8);
    assertThat(throttle.take("a")).isEqualTo(-1);
    after(1_000);
    assertThat(throttle.take("a")).isEqualTo(1);
  }

  @Test
  void anotherCategoryHasItsOwnBurst() {
    useUpBurst("a");

    assertThat(throttle.take("b")).isZero();
  }

  @Test
  void burstComesBackWithTime() {
    useUpBurst("a");
    after(TimeUnit.HOURS.toMillis(1));

    useUpBurst("a");
    assertThat(throttle.take("a")).isEqualTo(-1);
  }

  @Test
  void onlyWarningsAndErrorsCount() {
    WarningThrottle filter = new WarningThrottle();
    for (int i = 0; i < 2 * WarningThrottle.BURST; i++) {
      assertThat(filter.isLoggable(line(Level.INFO))).isTrue();
    }
    for (int i = 0; i < WarningThrottle.BURST; i++) {
      assertThat(filter.isLoggable(line(Level.WARNING))).isTrue();
    }
    assertThat(filter.isLoggable(line(Level.SEVERE))).isFalse();
    assertThat(filter.isLoggable(line(Level.INFO))).isTrue();
  }

  private static LogRecord line(Level level) {
    LogRecord line = new LogRecord(level, "text");
    line.setLoggerName("category");
    return line;
  }
}
