package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.presence.LatePods.Late;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which pods are named dead whose lease has run out, with a clock of the test's own. */
class LatePodsTest {
  private static final Duration LEASE = Duration.ofSeconds(8);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final PeerAddress ADDRESS = PeerAddress.plain("192.0.2.7", 8080);

  private record Timer(long at, Runnable action) {}

  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::at));
  private long now;

  private final Map<String, Future<Boolean>> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> dead = new ArrayList<>();
  private final Set<String> turnsOfOthers = new HashSet<>();
  private int turns;

  private final LatePods pods = new LatePods(
      LEASE,
      ANSWER,
      new LatePods.Deeds() {
        @Override
        public Future<Boolean> takeTurn(String incarnation) {
          turns++;
          return Future.succeededFuture(!turnsOfOthers.contains(incarnation));
        }

        @Override
        public Future<?> nameDead(String incarnation) {
          dead.add(incarnation);
          return Future.succeededFuture();
        }
      },
      late -> {
        asked.add(late.incarnation());
        return answers.getOrDefault(
            late.incarnation(), Promise.<Boolean>promise().future());
      },
      () -> now,
      (nanos, action) -> timers.add(new Timer(now + nanos, action)));

  @Test
  void refusingPodsAreDeadAtOnceHoweverMany() {
    for (String pod : List.of("a", "b", "c")) {
      answers.put(pod, Future.succeededFuture(false));
    }
    pods.judge(List.of(late("a", 10), late("b", 10), late("c", 10)));
    assertThat(dead).containsExactly("a", "b", "c");
    assertThat(asked).hasSize(3);
  }

  @Test
  void silentPodIsDeadAfterThreeTries() {
    pods.judge(List.of(late("a", 10), late("b", 10)));
    pass(Duration.ofMillis(2999));
    assertThat(dead).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(dead).containsExactlyInAnyOrder("a", "b");
    assertThat(asked).hasSize(6);
  }

  @Test
  void brokenAnswersAreNoAnswers() {
    answers.put("a", Future.failedFuture("status 503"));
    pods.judge(List.of(late("a", 10)));
    assertThat(asked).hasSize(1);
    pass(Duration.ofSeconds(3));
    assertThat(asked).hasSize(3);
    assertThat(dead).containsExactly("a");
  }

  @Test
  void answeringPodIsLetBeForThreeLeases() {
    answers.put("a", Future.succeededFuture(true));
    pods.judge(List.of(late("a", 10)));
    pods.judge(List.of(late("a", 3 * LEASE.toMillis())));
    assertThat(asked).hasSize(2);
    assertThat(dead).isEmpty();

    pods.judge(List.of(late("a", 3 * LEASE.toMillis() + 1)));
    assertThat(asked).hasSize(2);
    assertThat(dead).containsExactly("a");
  }

  @Test
  void answerToTheSecondQuestionCounts() {
    pods.judge(List.of(late("a", 10)));
    answers.put("a", Future.succeededFuture(true));
    pass(Duration.ofSeconds(10));
    assertThat(asked).hasSize(2);
    assertThat(dead).isEmpty();
  }

  @Test
  void withoutAnAddressTheLeaseDecides() {
    pods.judge(List.of(new Late("a", 1, Optional.empty())));
    assertThat(asked).isEmpty();
    assertThat(dead).containsExactly("a");
  }

  @Test
  void othersStandByWhileOnePodHasTheTurn() {
    turnsOfOthers.add("a");
    pods.judge(List.of(late("a", 10), new Late("b", 1, Optional.empty())));
    assertThat(asked).isEmpty();
    assertThat(dead).containsExactly("b");

    turnsOfOthers.clear();
    pods.judge(List.of(late("a", 1010)));
    assertThat(asked).containsExactly("a");
  }

  @Test
  void turnIsKeptFromTryToTry() {
    pods.judge(List.of(late("a", 10)));
    pass(ANSWER);
    turnsOfOthers.add("a"); // this pod has been slow, and another has gone on
    pass(Duration.ofSeconds(10));
    assertThat(turns).isEqualTo(3);
    assertThat(dead).isEmpty();
  }

  @Test
  void podIsJudgedOnceAtATime() {
    pods.judge(List.of(late("a", 10)));
    pods.judge(List.of(late("a", 1010)));
    assertThat(asked).hasSize(1);
  }

  /** Its own lateness is not the other's: the answer may be waiting to be read. */
  @Test
  void triesDoNotCountWhileThisPodIsHeldUp() {
    pods.judge(List.of(late("a", 10)));
    for (int i = 0; i < 5; i++) {
      now += 2 * ANSWER.toNanos();
      timers.poll().action().run();
    }
    assertThat(dead).isEmpty();
    answers.put("a", Future.succeededFuture(true));
    pass(ANSWER);
    pass(Duration.ofSeconds(10));
    assertThat(dead).isEmpty();
  }

  private static Late late(String incarnation, long ms) {
    return new Late(incarnation, ms, Optional.of(ADDRESS));
  }

  private void pass(Duration time) {
    long until = now + time.toNanos();
    while (!timers.isEmpty() && timers.peek().at() <= until) {
      Timer due = timers.poll();
      now = due.at();
      due.action().run();
    }
    now = until;
  }
}
