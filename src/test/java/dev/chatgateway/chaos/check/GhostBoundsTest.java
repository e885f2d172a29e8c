package dev.chatgateway.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Seen;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which faults excuse a ghost for how long. */
class GhostBoundsTest extends TwoInARoom {
  @BeforeEach
  void annSpeaks() {
    run.send(ann, "101", "ann-1");
  }

  private void annIsShownFor(long ms) {
    run.pass(ms);
    run.sweep(ann);
  }

  @Test
  void withinTheBoundNobodyIsAGhost() {
    run.drop(ann, true);
    annIsShownFor(14_900);

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void beyondTheBoundTheyAre() {
    run.drop(ann, true);
    annIsShownFor(15_100);

    Verdict verdict = verdict();
    assertThat(verdict.refuted()).containsExactly("NoGhosts");
    assertThat(verdict.number("ghost_ms")).isBetween(15_100L, 15_200L);
  }

  @Test
  void theTimeBeginsAnewWhenTheStoreIsBack() {
    run.drop(ann, true);
    run.pass(5_000);
    run.write(new Fault.Begins("stop", "redis", Fault.ALL));
    run.pass(30_000);
    run.write(new Fault.Ends("stop", "redis"));
    annIsShownFor(14_900);

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void aStoreThatWasAwayBeforeIsNoExcuse() {
    run.write(new Fault.Begins("stop", "redis", Fault.ALL));
    run.pass(5_000);
    run.write(new Fault.Ends("stop", "redis"));
    run.drop(ann, true);
    annIsShownFor(15_100);

    assertThat(verdict().refuted()).containsExactly("NoGhosts");
  }

  @Test
  void thatTheirOwnPodAloneCannotReachTheStoreIsNoExcuse() {
    run.write(new Fault.Begins("cut", "pod-1", "pod-1"));
    run.drop(ann, true);
    annIsShownFor(15_100);
    run.write(new Fault.Ends("cut", "pod-1"));

    assertThat(verdict().refuted()).containsExactly("NoGhosts");
  }

  @Test
  void whoIsOnThePodThatCannotReachTheStoreMayBeToldLater() {
    run.drop(ann, true);
    run.write(new Fault.Begins("cut", "pod-2", "pod-2"));
    run.pass(14_000);
    run.write(new Fault.Ends("cut", "pod-2"));
    annIsShownFor(10_000);

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void thatAnotherPodCannotReachTheStoreIsNoExcuse() {
    run.drop(ann, true);
    run.write(new Fault.Begins("cut", "pod-1", "pod-1"));
    run.pass(14_000);
    run.write(new Fault.Ends("cut", "pod-1"));
    annIsShownFor(10_000);

    assertThat(verdict().refuted()).containsExactly("NoGhosts");
  }

  @Test
  void whatOnlySubscribersLoseIsNoExcuseForLists() {
    run.drop(ann, true);
    run.pass(10_000);
    run.write(new Fault.Begins("CLIENT KILL TYPE pubsub", "redis", null));
    run.pass(1);
    run.write(new Fault.Ends("CLIENT KILL TYPE pubsub", "redis"));
    run.pass(6_000);
    run.read("101");
    run.sweep(ann);

    assertThat(verdict().refuted()).containsExactly("NoGhosts");
  }

  @Test
  void thatTheirOwnPodIsBrokenIsNoExcuse() {
    run.write(new Fault.Begins("freeze", "pod-1", null));
    run.drop(ann, true);
    annIsShownFor(15_100);
    run.write(new Fault.Ends("freeze", "pod-1"));

    assertThat(verdict().refuted()).containsExactly("NoGhosts");
  }

  @Test
  void aPodThatIsThawedMayShowThemAgainForAMoment() {
    run.write(new Fault.Begins("freeze", "pod-1", null));
    run.drop(ann, true);
    annIsShownFor(10_000);
    run.pass(20_000);
    run.write(new Fault.Ends("freeze", "pod-1"));
    again();
    run.pass(2_000);
    gone();

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void otherwiseNobodyComesBackFromTheDead() {
    run.drop(ann, true);
    annIsShownFor(10_000);
    run.pass(20_000);
    again();
    run.pass(2_000);
    gone();

    assertThat(verdict().refuted()).containsExactly("NoGhosts");
  }

  @Test
  void whoIsOnABrokenPodMayBeToldLater() {
    run.drop(ann, true);
    run.pass(1_000);
    run.write(new Fault.Begins("freeze", "pod-2", null));
    run.pass(30_000);
    run.write(new Fault.Ends("freeze", "pod-2"));
    annIsShownFor(1_000);

    assertThat(verdict().violations()).isEmpty();
  }

  private void again() {
    run.told(bob, new Seen.UserJoined("101", "1", 2));
  }

  private void gone() {
    run.told(bob, new Seen.UserLeft("101", "1", 1));
  }
}
