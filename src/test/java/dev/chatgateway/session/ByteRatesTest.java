package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRatesTest {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;

  /** A thousand bytes a second, ten thousand at once. */
  private final ByteRates rates = new ByteRates(new LimitsConfig.ByteRate() {
    @Override
    public MemorySize perSecond() {
      return new MemorySize(BigInteger.valueOf(1000));
    }

    @Override
    public MemorySize burst() {
      return new MemorySize(BigInteger.valueOf(10_000));
    }
  });

  @ParameterizedTest
  @ValueSource(longs = {0, -1_000_000_000_000L, Long.MAX_VALUE - 5 * S})
  void theBurstPassesAtOnceAndThenSoManyASecond(long start) {
    for (int i = 0; i < 10; i++) {
      assertThat(rates.takeNow("ana", 1000, start)).isZero();
    }
    assertThat(rates.takeNow("ana", 1000, start)).isEqualTo(S);
    assertThat(rates.takeNow("ben", 1000, start)).as("another user").isZero();
  }

  @Test
  void whoIsRefusedSeveralTimesMayAtEachOfTheTimesTold() {
    rates.take("ana", 10_000, 0);
    long first = rates.takeNow("ana", 1000, 0);
    long second = rates.takeNow("ana", 1000, 0);
    long third = rates.takeNow("ana", 1000, 0);

    assertThat(rates.takeNow("ana", 1000, first)).isZero();
    assertThat(rates.takeNow("ana", 1000, second)).isZero();
    assertThat(rates.takeNow("ana", 1000, third)).isZero();
    assertThat(third).isEqualTo(3 * S);
  }

  @Test
  void whatIsTakenInAdvanceWaitsOneAfterTheOther() {
    assertThat(rates.take("ana", 10_000, 0)).isZero();
    assertThat(rates.take("ana", 2000, 0)).isEqualTo(2 * S);
    assertThat(rates.take("ana", 1000, 0)).isEqualTo(3 * S);
  }

  @Test
  void whatWasNotUsedIsGivenBackAndWhatWasUsedBesidesIsTaken() {
    rates.take("ana", 10_000, 0);
    rates.giveBack("ana", 4000, 0);
    assertThat(rates.takeNow("ana", 4000, 0)).isZero();
    rates.giveBack("ana", -1000, 0);
    assertThat(rates.takeNow("ana", 1000, 0)).isEqualTo(2 * S);
  }

  @Test
  void anAnswerLargerThanTheBurstWaitsForAllOfIt() {
    assertThat(rates.takeNow("ana", 50_000, 0)).isZero();
    assertThat(rates.takeNow("ana", 50_000, 0)).isEqualTo(50 * S);
  }

  @Test
  void usersWhoHaveEverythingAgainAreForgotten() {
    for (int i = 0; i < 5000; i++) {
      rates.take("user-" + i, 1, i * S);
    }
    assertThat(rates.size()).isLessThan(3000);
  }
}
