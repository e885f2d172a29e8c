package dev.chatgateway.chaos.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fault suite: each scenario a test. See {@link Plan} for which are run. */
class ChaosIT {
  private static final long AT_LEAST = 300_000;

  private final Plan plan = Plan.ofProperties();
  private final Results results = new Results(Scenario.FOLDER, plan.pace());
  private final Trial trial = new Trial(results);

  @TestFactory
  Stream<DynamicTest> underFaults() {
    System.out.println("Faults are chosen by -Dchat.chaos.seed=" + plan.pace().seed());
    List<Scenario> all = plan.scenarios();
    Stream<DynamicTest> planted =
        all.stream().anyMatch(Scenario::isControl) ? trial.plants() : Stream.empty();
    Stream<DynamicTest> enough = plan.whole()
        ? Stream.of(DynamicTest.dynamicTest(
            "accepted enough", () -> assertThat(results.accepted()).isGreaterThan(AT_LEAST)))
        : Stream.empty();
    return Stream.of(all.stream().map(trial::of), planted, enough).flatMap(tests -> tests);
  }
}
