package dev.chatgateway.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.check.SimulatedRoom.Client;
import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.RunHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the checker says of a store that goes back to an earlier state. */
class LossyStoreTest {
  @Test
  void whatTheStoreLostIsCountedWhereThatIsAllowedAndTold() {
    Verdict verdict = Checker.check(lossy(true, "e2"));

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.number("lost_store")).isEqualTo(4);
    assertThat(verdict.number("told_holes")).isEqualTo(2);
  }

  @Test
  void whatTheStoreLostIsAViolationWhereItMustNotLoseAnything() {
    assertThat(Checker.check(lossy(false, "e2")).refuted()).contains("NothingLost");
  }

  @Test
  void whatTheStoreLostWithoutANewEpochIsAViolationEvenThere() {
    assertThat(Checker.check(lossy(true, "e1")).refuted()).contains("NothingLost");
  }

  @Test
  void whatTheStoreLostIsAViolationWhereAcceptedMessagesMustBeKept() {
    List<Entry> entries = new ArrayList<>(lossy(true, "e2"));
    Entry first = entries.get(0);
    RunHeader header = (RunHeader) first.fact();
    RunHeader strict = new RunHeader(
        header.name(),
        header.seed(),
        header.fault(),
        header.commit(),
        true,
        true,
        header.bounds(),
        header.users(),
        header.settings());
    entries.set(
        0, new Entry(first.n(), first.ns(), first.ms(), first.worker(), first.conn(), strict));
    assertThat(Checker.check(entries).refuted()).containsExactly("NothingLost");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPlantedIsFoundThereToo(Plant plant) {
    assertThat(Checker.check(plant.into(lossy(true, "e2"))).refuted())
        .containsExactly(plant.property());
  }

  private static List<Entry> lossy(boolean mayLoseData, String epoch) {
    Conversation conversation = new Conversation();
    SimulatedRun run = conversation.talk(mayLoseData);
    Client ann = conversation.ann;
    Client bob = conversation.bob;
    run.goBack("101", 11, epoch);
    run.write(new Fault.Stop());
    run.send(ann, "101", "ann-late");
    run.send(bob, "101", "bob-late");
    run.mark(ann, "101", "read");
    run.mark(bob, "101", "read");
    run.pass(20_000);
    run.read("101");
    run.finish(List.of(ann, bob, conversation.outsider, conversation.dan));
    return run.entries();
  }
}
