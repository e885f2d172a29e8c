package dev.chatgateway.chaos.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.check.Checker;
import dev.chatgateway.chaos.check.Plant;
import dev.chatgateway.chaos.check.Report;
import dev.chatgateway.chaos.check.Verdict;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.HistoryReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/** Runs scenarios and judges their histories; what is planted in the control's must be found. */
final class Trial {
  private final Results results;
  private List<Entry> control = List.of();

  Trial(Results results) {
    this.results = results;
  }

  DynamicTest of(Scenario scenario) {
    return DynamicTest.dynamicTest(scenario.name(), () -> run(scenario));
  }

  /** One test for each violation, planted in the history of the control that has run before. */
  Stream<DynamicTest> plants() {
    return Arrays.stream(Plant.values())
        .map(plant -> DynamicTest.dynamicTest("finds " + plant, () -> plant(plant)));
  }

  private void run(Scenario scenario) {
    List<String> late = scenario.run();
    List<Entry> history = HistoryReader.read(scenario.file());
    Verdict verdict = Checker.check(history);
    results.add(verdict);
    // Together: what a pod did not answer in time explains what the history lacks.
    SoftAssertions.assertSoftly(softly -> {
      softly.assertThat(late).as("%s", scenario.file()).isEmpty();
      softly.assertThat(verdict.ok()).as(Report.text(List.of(verdict))).isTrue();
    });
    if (scenario.isControl()) {
      assertThat(verdict.number("absences")).as("who is missed for long enough").isPositive();
      assertThat(verdict.number("unread_marked")).as("who has read something").isPositive();
      control = history;
    } else {
      delete(scenario);
    }
  }

  /** What the checker must notice, were it in the control's history; that, and nothing else. */
  private void plant(Plant plant) {
    Assumptions.assumeFalse(control.isEmpty(), "there was no control");
    Verdict verdict = Checker.check(planted(plant));
    assertThat(verdict.refuted())
        .as(Report.text(List.of(verdict)))
        .containsExactly(plant.property());
  }

  private List<Entry> planted(Plant plant) {
    try {
      return plant.into(control);
    } catch (NoSuchElementException e) {
      throw new AssertionError("the control has no place for " + plant, e);
    }
  }

  private static void delete(Scenario scenario) {
    if (Boolean.getBoolean("chat.chaos.keep")) {
      return;
    }
    try {
      Files.delete(scenario.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
