package dev.chatgateway.chaos.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fault suite: each scenario a test. See {@link Plan} for which are run. */
class ChaosIT {
  private static final int SHOWN = 10;

  @TestFactory
  Stream<DynamicTest> underFaults() {
    Plan plan = Plan.ofProperties();
    System.out.println("Faults are chosen by -Dchat.chaos.seed=" + plan.seed());
    return plan.scenarios().stream()
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> run(scenario)));
  }

  private static void run(Scenario scenario) {
    Outcome outcome = scenario.run();
    outcome.write();
    System.out.println(outcome.row());
    assertThat(outcome.problems())
        .as("%s, see %s", outcome.row(), scenario.file())
        .isEmpty();
  }
}
