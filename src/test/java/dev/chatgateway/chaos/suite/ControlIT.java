package dev.chatgateway.chaos.suite;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The fault suite's control: three pods under clients of both doors, and no fault. Its history keeps
 * every property, and each kind of violation that is planted in it is found.
 */
class ControlIT {
  private final Pace pace = Pace.ofProperties();

  @TestFactory
  Stream<DynamicTest> withoutFaults() {
    System.out.println("Choices are made by -Dchat.chaos.seed=" + pace.seed());
    Trial trial = new Trial(new Results(Scenario.FOLDER.resolve("control"), pace));
    Scenario control = new Scenario(List.of(Disruption.CONTROL), pace.seed(), pace);
    return Stream.concat(Stream.of(trial.of(control)), trial.plants());
  }
}
