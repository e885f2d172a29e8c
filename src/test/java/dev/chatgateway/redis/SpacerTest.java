package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SpacerTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final EventLoop loop = channel.eventLoop();
  private final List<Integer> passed = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>(); // how many had passed each time
  private long now = Long.MAX_VALUE - 1_000; // nanoTime may overflow

  SpacerTest() {
    channel.freezeTime();
  }

  @Test
  void oneAfterAPausePassesAtOnce() {
    Spacer<Integer> spacer = spacer(10, passed::add);
    spacer.add(1);
    pass(10);
    spacer.add(2);
    assertThat(passed).containsExactly(1, 2);
    assertThat(isScheduled()).isFalse();
  }

  @Test
  void whatComesBeforeTheIntervalIsOverPassesTogetherAndInOrderAtItsEnd() {
    Spacer<Integer> spacer = spacer(10, passed::add);
    spacer.add(1);
    pass(4);
    spacer.add(2);
    pass(5);
    spacer.add(3);
    assertThat(passed).containsExactly(1);
    pass(1);
    assertThat(passed).containsExactly(1, 2, 3);
    assertThat(ends).containsExactly(1, 3);

    spacer.add(4);
    pass(9);
    assertThat(passed).hasSize(3);
    pass(1);
    assertThat(passed).containsExactly(1, 2, 3, 4);
  }

  @Test
  void nothingOvertakesWhatIsHeldForLongerThanItShould() {
    Spacer<Integer> spacer = spacer(10, passed::add);
    spacer.add(1);
    spacer.add(2);
    now += TimeUnit.MILLISECONDS.toNanos(50); // the loop was busy: its timer is late
    spacer.add(3);
    assertThat(passed).containsExactly(1);
    pass(10);
    assertThat(passed).containsExactly(1, 2, 3);
  }

  @Test
  void whatComesUpWhileTheHeldPassGoesAfterThem() {
    List<Spacer<Integer>> itself = new ArrayList<>();
    Spacer<Integer> spacer = spacer(10, item -> {
      passed.add(item);
      if (item == 2) {
        itself.get(0).add(4);
      }
    });
    itself.add(spacer);
    for (int i = 1; i <= 3; i++) {
      spacer.add(i);
    }
    pass(10);
    assertThat(passed).containsExactly(1, 2, 3, 4);
    assertThat(isScheduled()).isFalse();
  }

  @Test
  void oneThatFailsDoesNotKeepBackTheOthers() {
    Spacer<Integer> spacer = spacer(10, item -> {
      if (item == 2) {
        throw new IllegalStateException("no");
      }
      passed.add(item);
    });
    for (int i = 1; i <= 3; i++) {
      spacer.add(i);
    }
    pass(10);
    pass(10);
    assertThat(passed).containsExactly(1, 3);
    pass(10);
    assertThatThrownBy(() -> spacer.add(2)).hasMessage("no");
  }

  @Test
  void anIntervalOfZeroHoldsNothing() {
    Spacer<Integer> spacer = spacer(0, passed::add);
    for (int i = 1; i <= 3; i++) {
      spacer.add(i);
      assertThat(passed).hasSize(i);
    }
    assertThat(isScheduled()).isFalse();
  }

  @Test
  void whatIsTakenBackNeverPasses() {
    Spacer<Integer> spacer = spacer(10, passed::add);
    List<Integer> back = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      spacer.add(i);
    }
    spacer.clear(back::add);
    assertThat(back).containsExactly(2, 3);
    assertThat(isScheduled()).isFalse();

    // Later ones wait for an end of their own.
    pass(5);
    spacer.add(4);
    pass(4);
    assertThat(passed).containsExactly(1);
    pass(1);
    assertThat(passed).containsExactly(1, 4);
  }

  private Spacer<Integer> spacer(long ms, Consumer<Integer> pass) {
    return new Spacer<>(
        loop, () -> now, Duration.ofMillis(ms), pass, () -> ends.add(passed.size()));
  }

  private void pass(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
    channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private boolean isScheduled() {
    return channel.hasPendingTasks();
  }
}
