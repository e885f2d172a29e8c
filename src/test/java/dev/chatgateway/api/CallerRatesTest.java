package dev.chatgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.session.RateLimit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallerRatesTest {
  private static final long START = -5; // a System.nanoTime may be negative

  private final CallerRates rates = new CallerRates(new RateLimit(10, 2));

  private static long after(long ms) {
    return START + TimeUnit.MILLISECONDS.toNanos(ms);
  }

  @Test
  void letsABurstThroughAndThenTheRate() {
    assertThat(rates.spend("a", START)).isZero();
    assertThat(rates.spend("a", START)).isZero();
    assertThat(rates.spend("a", START)).isEqualTo(100);
    assertThat(rates.spend("a", after(40))).isEqualTo(60);
    assertThat(rates.spend("a", after(100))).isZero();
    assertThat(rates.spend("a", after(100))).isEqualTo(100);
  }

  @Test
  void neverTellsToWaitForNoTimeAtAll() {
    rates.spend("a", START);
    rates.spend("a", START);

    assertThat(rates.spend("a", after(100) - 1)).isEqualTo(1);
  }

  @Test
  void countsEachCallerByItself() {
    rates.spend("a", START);
    rates.spend("a", START);

    assertThat(rates.spend("b", START)).isZero();
  }

  @Test
  void remembersWhoCallsThoughManyOthersDo() {
    rates.spend("a", START);
    rates.spend("a", START);
    for (int i = 0; i < 10_000; i++) {
      rates.spend("other" + i, START);
      assertThat(rates.spend("a", START)).isPositive();
    }
  }
}
