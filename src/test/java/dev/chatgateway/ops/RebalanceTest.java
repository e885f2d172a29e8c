package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.ops.SimulatedPods.Balancer;
import dev.chatgateway.ops.SimulatedPods.SimulatedPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of pods that each look after themselves, in simulated time. */
class RebalanceTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Random random = new Random(11);
  private final Balancer atRandom = (pods, before) -> pods.get(random.nextInt(pods.size()));
  private final Balancer leastConnections = (pods, before) ->
      pods.stream().min(Comparator.comparingInt(SimulatedPod::count)).get();
  private final Balancer sticky = (pods, before) -> before;

  private final List<SimulatedPod> all = new ArrayList<>();

  private SimulatedPods scaledOut(Balancer balancer, int old, int clients, int more) {
    SimulatedPods pods = new SimulatedPods(random, balancer);
    for (int i = 0; i < old; i++) {
      all.add(pods.start(clients));
    }
    pods.pass(Duration.ofMinutes(5));
    for (int i = 0; i < more; i++) {
      all.add(pods.start(0));
    }
    return pods;
  }

  private int sentAway() {
    return all.stream().mapToInt(SimulatedPod::sentAway).sum();
  }

  private void assertBalanced(SimulatedPods pods) {
    double share = (double) pods.connections() / all.size();
    assertThat(all).allSatisfy(pod -> {
      assertThat(pod.share()).isEqualTo(share);
      assertThat((double) pod.count()).isLessThanOrEqualTo(share * 1.2);
      assertThat(pod.mostMoves()).isLessThanOrEqualTo(1);
    });
  }

  private void assertStaysSo(SimulatedPods pods) {
    int before = sentAway();
    pods.pass(LONG);
    assertThat(sentAway()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void aBalancerThatPlacesAtRandomFillsTheNewPodInTheEnd(int old) {
    SimulatedPods pods = scaledOut(atRandom, old, 3000, 1);
    pods.pass(LONG);
    assertBalanced(pods);
    assertThat(all.get(old).sentAway()).isZero();
    assertStaysSo(pods);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void withLeastConnectionsNobodyMovesWhoNeedNot(int old) {
    SimulatedPods pods = scaledOut(leastConnections, old, 3000, 1);
    pods.pass(LONG);
    assertBalanced(pods);
    double share = (double) pods.connections() / all.size();
    assertThat(sentAway()).isLessThanOrEqualTo((int) Math.ceil(share));
    for (SimulatedPod pod : all.subList(0, old)) {
      assertThat((double) pod.least()).isGreaterThanOrEqualTo(Math.floor(share));
    }
    assertThat(all.get(old).sentAway()).isZero();
    assertStaysSo(pods);
  }

  /** As docs/operations.md says. */
  @Test
  void aBalancerThatTakesTurnsMovesSevenInTenForAFourthPod() {
    int[] turn = {0};
    SimulatedPods pods =
        scaledOut((those, before) -> those.get(turn[0]++ % those.size()), 3, 3000, 1);
    pods.pass(LONG);
    assertBalanced(pods);
    assertThat(sentAway()).isBetween(6000, 6600);
    assertStaysSo(pods);
  }

  @Test
  void aBatchLargerThanTheWholeDoesNotOvershoot() {
    SimulatedPods pods =
        new SimulatedPods(random, leastConnections, "batch", "1000000", "min-excess", "1");
    all.add(pods.start(3000));
    all.add(pods.start(0));
    pods.pass(LONG);
    assertThat(all.get(0).least()).isGreaterThanOrEqualTo(1500);
    assertThat(all.get(1).most()).isLessThanOrEqualTo(1500);
    assertStaysSo(pods);
  }

  @Test
  void aBalancerThatSendsEverybodyBackIsNotTriedForEver() {
    SimulatedPods pods = scaledOut(sticky, 2, 3000, 1);
    pods.pass(LONG);
    assertThat(all).allSatisfy(pod -> assertThat(pod.mostMoves()).isLessThanOrEqualTo(1));
    assertStaysSo(pods);
    assertThat(sentAway()).isLessThanOrEqualTo(6000);
  }

  @Test
  void whereNobodyComesBackFewAreSentAwayAndNotAll() {
    SimulatedPods pods = scaledOut((those, before) -> null, 1, 3000, 1);
    pods.pass(Duration.ofMinutes(11));
    // A batch each minute and ten seconds.
    assertThat(sentAway()).isBetween(100, 1000);
  }

  @Test
  void severalNewPodsAreFilledToo() {
    SimulatedPods pods = scaledOut(atRandom, 3, 4000, 3);
    pods.pass(LONG);
    assertBalanced(pods);
    assertStaysSo(pods);
  }

  @Test
  void nobodyIsMovedBeforePodsHaveStoppedComingAndThenAtMostABatchAnInterval() {
    SimulatedPods pods = scaledOut(atRandom, 2, 3000, 1);
    pods.pass(Duration.ofSeconds(55));
    all.add(pods.start(0));
    pods.pass(Duration.ofSeconds(59));
    assertThat(sentAway()).isZero();

    pods.pass(Duration.ofSeconds(60));
    assertThat(all.get(0).sentAway()).isBetween(500, 700);
  }

  @Test
  void whoConnectedSinceTheLastPodCameStays() {
    SimulatedPods pods = scaledOut((those, before) -> those.get(0), 2, 100, 1);
    pods.pass(Duration.ofSeconds(5));
    pods.connect(3000);
    pods.pass(LONG);
    assertThat(sentAway()).isLessThanOrEqualTo(100);
  }

  @Test
  void chanceAloneMovesNobody() {
    SimulatedPods pods = scaledOut(atRandom, 0, 0, 5);
    pods.connect(300);
    all.add(pods.start(0));
    pods.pass(LONG);
    pods.connect(100);
    pods.pass(LONG);
    assertThat(sentAway()).isZero();
  }

  @Test
  void podsThatStopNeitherCountNorSendAnyAwayForBalance() {
    SimulatedPods pods = scaledOut(atRandom, 3, 1000, 0);
    SimulatedPod stopping = pods.start(9000);
    stopping.drain();
    pods.pass(LONG);
    assertThat(all.get(0).share()).isEqualTo(1000);
    assertThat(sentAway() + stopping.sentAway()).isZero();
  }

  @Test
  void podsOfAVersionThatSaysNothingDoNotCount() {
    SimulatedPods pods = scaledOut(atRandom, 2, 1000, 0);
    SimulatedPod older = pods.start(0);
    older.silent();
    pods.pass(Duration.ofMinutes(10));
    assertThat(all.get(0).share()).isEqualTo(1000);
    assertThat(sentAway()).isZero();
  }
}
