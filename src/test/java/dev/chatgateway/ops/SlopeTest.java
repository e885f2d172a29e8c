package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SlopeTest {
  private final Slope slope = new Slope(2);

  @Test
  void isUnknownAtFirst() {
    assertThat(slope.at(10, 1000)).isZero();
  }

  @Test
  void isTheGrowthSinceTheFirstLookKept() {
    slope.at(0, 100);
    assertThat(slope.at(1, 110)).isEqualTo(10);
    assertThat(slope.at(2, 140)).isEqualTo(20);
    assertThat(slope.at(4, 140)).isCloseTo(10, within(1e-9)); // (140 - 110) / (4 - 1)
    assertThat(slope.at(6, 140)).isZero();
  }

  @Test
  void isNoneWhereNothingHasMoved() {
    slope.at(5, 5);
    assertThat(slope.at(5, 9)).isZero();
  }

  @Test
  void isNeverNegative() {
    slope.at(0, 5);
    assertThat(slope.at(1, 0)).isZero();
  }
}
