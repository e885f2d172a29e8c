package dev.chatgateway.chaos.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.suite.StoreKind.Loss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a fault excuses is its own: not that of the store it is done to. */
class TroubleTest {
  @ParameterizedTest
  @EnumSource(
      mode = Mode.MATCH_ANY,
      names = {".*KILL_PUBSUB", ".*KILL_NORMAL", ".*RESHARD"})
  void whatTakesNoServerDownMustLoseNothing(Trouble trouble) {
    assertThat(trouble.loss()).isEqualTo(Loss.NONE);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.MATCH_NONE,
      names = {"REDIS_.*", "FLUSHALL", ".*NO_WAIT"})
  void whereReplicasAreWaitedForNothingAcceptedIsLost(Trouble trouble) {
    assertThat(trouble.loss()).isNotEqualTo(Loss.ANY);
  }
}
