package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FairShareTest {
  @Test
  void theShareIsTheMeanOfThosePodsThatTakeConnections() {
    FairShare fair = new FairShare(60, 3, 90);
    assertThat(fair.share()).isEqualTo(30);
    assertThat(fair.excess()).isEqualTo(30);
    assertThat(fair.isExceededBy(0.99)).isTrue();
    assertThat(fair.isExceededBy(1)).isFalse();
  }

  @Test
  void moreAreSentAwayThanAreToLeaveSinceSomeComeBack() {
    // 1000 too many, of which a balancer that takes turns among 5 sends 250 of 1250 back.
    assertThat(new FairShare(6000, 5, 25_000).toSendAway(0)).isEqualTo(1000);
    assertThat(new FairShare(6000, 5, 25_000).toSendAway(0.1)).isEqualTo(625);
  }

  @Test
  void neverMoreThanTheExcessSoThatAPodDoesNotEndBelowItsShare() {
    assertThat(new FairShare(60, 2, 60).toSendAway(0.1)).isEqualTo(30);
  }

  @Test
  void nobodyIsSentAwayWithinTheToleranceNorWhereThereIsNobodyElse() {
    assertThat(new FairShare(33, 2, 60).toSendAway(0.1)).isZero();
    assertThat(new FairShare(20, 2, 60).toSendAway(0.1)).isZero();
    assertThat(new FairShare(60, 1, 60).toSendAway(0.1)).isZero();
    assertThat(new FairShare(0, 2, 0).toSendAway(0.1)).isZero();
  }
}
