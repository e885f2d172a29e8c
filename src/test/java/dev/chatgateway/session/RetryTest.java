package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a loop whose time is the test's. */
class RetryTest {
  private static final Duration OUTAGE = Duration.ofHours(24);

  private final EmbeddedChannel time = new EmbeddedChannel();
  private final Loop loop = new Loop(0, time.eventLoop(), null, null, new Pacer(4));
  private final List<String> tried = new ArrayList<>();
  private boolean away = true;

  @BeforeEach
  void freeze() {
    time.freezeTime();
  }

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  void whatIsRefusedThroughoutALongOutageIsDoneAfterIt() {
    Retry.untilDone(loop, work("leave"));
    pass(OUTAGE);
    assertThat((long) tried.size()).isBetween(OUTAGE.toSeconds() / 2, OUTAGE.toSeconds() + 5);

    away = false;
    tried.clear();
    pass(Duration.ofSeconds(2));
    assertThat(tried).containsExactly("leave");
    pass(Duration.ofMinutes(1));
    assertThat(tried).as("once").hasSize(1);
  }

  @Test
  void ofWhatIsAskedForAgainAndAgainMeanwhileOnlyTheLatestIsTriedOn() {
    Retries<Integer> retries = new Retries<>();
    for (int i = 0; i < 1000; i++) {
      retries.untilDone(loop, 7, work("leave " + i));
    }
    retries.untilDone(loop, 8, work("another"));
    pass(OUTAGE);
    tried.clear();
    pass(Duration.ofMinutes(1));
    assertThat(tried).containsOnly("leave 999", "another").hasSizeLessThanOrEqualTo(2 * 61);

    away = false;
    tried.clear();
    pass(Duration.ofSeconds(2));
    assertThat(tried).containsExactlyInAnyOrder("leave 999", "another");
  }

  @Test
  void workThatFailsWhileTheLoopEndsIsGivenUpWithoutAnError() throws Exception {
    DefaultEventLoop ending = new DefaultEventLoop();
    Loop last = new Loop(0, ending, null, null, new Pacer(4));
    Promise<Void> answer = Promise.promise();
    CompletableFuture<Object> thrown = new CompletableFuture<>();
    ending.execute(() -> {
      Retry.untilDone(last, answer::future);
      ending.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      try {
        answer.fail("the connection ends with the pod");
        thrown.complete("nothing");
      } catch (RuntimeException e) {
        thrown.complete(e);
      }
    });
    assertThat(thrown.get(20, TimeUnit.SECONDS)).isEqualTo("nothing");
  }

  private Supplier<Future<Void>> work(String name) {
    return () -> {
      tried.add(name);
      return away ? Future.failedFuture("out of reach") : Future.succeededFuture();
    };
  }

  private void pass(Duration duration) {
    for (long ms = 0; ms < duration.toMillis(); ms += 100) {
      time.advanceTimeBy(100, TimeUnit.MILLISECONDS);
      time.runScheduledPendingTasks();
    }
  }
}
