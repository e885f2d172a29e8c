package dev.chatgateway.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.Seen;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What excuses that one who is there is said to have left. */
class StaysShownTest extends TwoInARoom {
  @BeforeEach
  void bobSpeaks() {
    run.send(bob, "101", "bob-1");
  }

  @Test
  void whoIsThereDoesNotLeave() {
    annIsSaidToHaveLeft();

    assertThat(verdict().refuted()).containsExactly("StaysShown");
  }

  @Test
  void thatTheStoreWasAwayIsNoExcuse() {
    run.write(new Fault.Begins("stop", "redis", Fault.ALL));
    run.pass(30_000);
    run.write(new Fault.Ends("stop", "redis"));
    run.send(bob, "101", "bob-2");
    annIsSaidToHaveLeft();

    assertThat(verdict().refuted()).containsExactly("StaysShown");
  }

  @Test
  void thatTheirPodWasFrozenExcusesFromThereOn() {
    run.write(new Fault.Begins("freeze", "pod-1", null));
    run.pass(12_000);
    annIsSaidToHaveLeft();
    run.write(new Fault.Ends("freeze", "pod-1"));

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void thatAnotherPodWasFrozenIsNoExcuse() {
    run.write(new Fault.Begins("freeze", "pod-2", null));
    run.pass(12_000);
    annIsSaidToHaveLeft();
    run.write(new Fault.Ends("freeze", "pod-2"));

    assertThat(verdict().refuted()).containsExactly("StaysShown");
  }

  @Test
  void whatMayBeOfAnEarlierStayIsNotJudged() {
    run.drop(ann, true);
    run.open(ann, "pod-1");
    run.join(ann, "101");
    annIsSaidToHaveLeft();

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void whatComesAfterMessagesOnlyMayHaveHappenedBeforeThem() {
    run.drop(ann, true);
    run.open(ann, "pod-1");
    run.join(ann, "101");
    run.send(bob, "101", "bob-2");
    annIsSaidToHaveLeft();

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void whatComesAfterWhatBecameOfAMessageHappenedAfterThat() {
    run.drop(ann, true);
    run.open(ann, "pod-1");
    run.join(ann, "101");
    run.send(bob, "101", "bob-2");
    run.mark(ann, "101", "read");
    annIsSaidToHaveLeft();

    assertThat(verdict().refuted()).containsExactly("StaysShown");
  }

  private void annIsSaidToHaveLeft() {
    run.told(bob, new Seen.UserLeft("101", "1", 1));
    run.told(bob, new Seen.UserJoined("101", "1", 2));
  }
}
