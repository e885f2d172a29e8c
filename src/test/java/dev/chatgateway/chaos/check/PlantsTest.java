package dev.chatgateway.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.history.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A plant violates its property and no other, whatever clients happened to do where it is put. */
class PlantsTest extends TwoInARoom {
  private static final int TALKS = 20;

  @Test
  void swapAvoidsMessagesThatAWorkerResumesWith() {
    run.send(bob, "101", "bob-1");
    run.send(bob, "101", "bob-2");
    annResumes();
    run.send(bob, "101", "bob-3");
    run.send(bob, "101", "bob-4");
    List<Entry> history = finished();

    assertThat(Checker.check(history).refuted()).isEmpty();
    assertThat(Checker.check(Plant.SWAP.into(history)).refuted()).containsExactly("OneOrder");
  }

  @Test
  void swapAvoidsMessagesThatAnotherWorkerResumesWith() {
    run.join(bob, "101");
    run.send(bob, "101", "bob-1");
    run.send(bob, "101", "bob-2");
    run.join(bob, "101");
    run.send(bob, "101", "bob-3");
    run.send(bob, "101", "bob-4");

    assertThat(Checker.check(Plant.SWAP.into(finished())).refuted()).containsExactly("OneOrder");
  }

  @Test
  void holeAvoidsAMessageThatAWorkerResumesWith() {
    run.send(bob, "101", "bob-1");
    run.send(bob, "101", "bob-2");
    run.join(ann, "101");
    run.join(bob, "101");
    run.send(bob, "101", "bob-3");
    run.send(bob, "101", "bob-4");
    run.send(bob, "101", "bob-5");

    assertThat(Checker.check(Plant.HOLE.into(finished())).refuted())
        .containsExactly("NoUntoldHole");
  }

  @ParameterizedTest
  @EnumSource
  void plantIsFoundByItsPropertyAloneInEveryTalk(Plant plant) {
    List<String> wrong = new ArrayList<>();
    for (long seed = 0; seed < TALKS; seed++) {
      try {
        Verdict verdict = Checker.check(plant.into(RandomTalk.of(seed)));
        if (!verdict.refuted().equals(Set.of(plant.property()))) {
          wrong.add("seed " + seed + ": " + verdict.refuted());
        }
      } catch (NoSuchElementException noPlace) {
        continue; // that talk has none
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void talksAreRight() {
    for (long seed = 0; seed < TALKS; seed++) {
      assertThat(Checker.check(RandomTalk.of(seed)).violations())
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  private void annResumes() {
    run.drop(ann, true);
    run.open(ann, "pod-2");
    run.join(ann, "101");
  }

  private List<Entry> finished() {
    verdict();
    return run.entries();
  }
}
