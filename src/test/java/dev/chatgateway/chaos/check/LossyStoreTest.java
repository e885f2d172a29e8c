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

  @Test
  void whatWasAcceptedLongBeforeTheCopyMustBeThere() {
    assertThat(Checker.check(lossy(true, "e2", false)).refuted()).containsExactly("NothingLost");
  }

  @Test
  void whatWasAskedForAfterTheFaultMustBeThere() {
    Conversation conversation = new Conversation();
    SimulatedRun run = conversation.talk(true);
    run.write(new Fault.Begins("FLUSHALL", "redis", null));
    run.write(new Fault.Loses("redis", true));
    run.write(new Fault.Ends("FLUSHALL", "redis"));
    run.publish("101", "key-late", "2");
    run.goBack("101", 0, "e2");
    run.write(new Fault.Stop());
    run.publish("101", "key-last", "2");
    run.finish(
        List.of(conversation.ann, conversation.bob, conversation.outsider, conversation.dan));

    Verdict verdict = Checker.check(run.entries());

    assertThat(verdict.refuted()).containsExactly("NothingLost");
    assertThat(verdict.number("lost")).isEqualTo(1);
  }

  @Test
  void whoResumesAfterAMessageThatIsAnotherNowMustBeTold() {
    Conversation conversation = new Conversation();
    SimulatedRun run = conversation.talk(true);
    Client ann = conversation.ann;
    Client bob = conversation.bob;
    run.leave(bob, "101");
    run.drop(ann, true);
    run.sweep(ann);
    run.write(new Fault.Begins("restart from an older copy", "redis", Fault.ALL));
    run.write(new Fault.Loses("redis", true));
    run.goBack("101", 3, "e1");
    run.write(new Fault.Ends("restart from an older copy", "redis"));
    for (int i = 0; i < 20; i++) {
      run.publish("101", "again-" + i, "2");
    }
    run.open(ann, "pod-2");
    run.join(ann, "101");
    run.write(new Fault.Stop());
    run.finish(List.of(ann, bob, conversation.outsider, conversation.dan));

    assertThat(Checker.check(run.entries()).refuted()).contains("NoUntoldHole");
  }

  private static List<Entry> lossy(boolean mayLoseData, String epoch) {
    return lossy(mayLoseData, epoch, true);
  }

  private static List<Entry> lossy(boolean mayLoseData, String epoch, boolean everything) {
    Conversation conversation = new Conversation();
    SimulatedRun run = conversation.talk(mayLoseData);
    Client ann = conversation.ann;
    Client bob = conversation.bob;
    run.write(new Fault.Begins("restart from an older copy", "redis", Fault.ALL));
    run.write(new Fault.Loses("redis", everything));
    run.goBack("101", 11, epoch);
    run.write(new Fault.Ends("restart from an older copy", "redis"));
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
