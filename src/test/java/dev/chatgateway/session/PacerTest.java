package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final Pacer pacer = new Pacer(2);
  private final List<Promise<Integer>> started = new ArrayList<>();

  @Test
  void soManyRunAtOnceAndTheRestInOrder() {
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      results.add(pacer.run(this::start));
    }
    assertThat(started).hasSize(2);

    started.get(1).complete(11);
    assertThat(results.get(1).result()).isEqualTo(11);
    assertThat(started).hasSize(3);

    started.get(2).fail("no");
    assertThat(results.get(2).failed()).isTrue();
    assertThat(started).hasSize(4);

    started.get(0).complete(10);
    started.get(3).complete(13);
    assertThat(results.get(3).result()).isEqualTo(13);
    assertThat(pacer.run(() -> Future.succeededFuture(5)).result()).isEqualTo(5);
  }

  @Test
  void workThatIsDoneAtOnceDoesNotHoldAPlace() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(pacer.run(() -> Future.succeededFuture(1)).succeeded()).isTrue();
    }
  }

  @Test
  void howeverMuchWaitsItMayAllFailAtOnce() {
    pacer.run(this::start);
    pacer.run(this::start);
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      results.add(pacer.run(() -> Future.failedFuture("out of reach")));
    }

    started.get(0).complete(1);
    assertThat(results).allMatch(Future::failed);
    pacer.run(this::start);
    assertThat(started).hasSize(3);
  }

  @Test
  void workThatThrowsFailsAndDoesNotHoldAPlace() {
    for (int i = 0; i < 3; i++) {
      Future<Integer> thrown = pacer.run(() -> {
        throw new IllegalStateException("no");
      });
      assertThat(thrown.cause()).isInstanceOf(IllegalStateException.class).hasMessage("no");
    }
    pacer.run(this::start);
    pacer.run(this::start);
    assertThat(started).hasSize(2);
  }

  @Test
  void waitingWorkThatThrowsDoesNotHarmWhatWaitsBehindIt() {
    pacer.run(this::start);
    pacer.run(this::start);
    Future<Integer> thrown = pacer.run(() -> {
      throw new IllegalStateException("no");
    });
    Future<Integer> behind = pacer.run(this::start);

    started.get(0).complete(1);
    assertThat(thrown.failed()).isTrue();
    assertThat(started).hasSize(3);
    started.get(2).complete(3);
    assertThat(behind.result()).isEqualTo(3);
  }

  private Future<Integer> start() {
    Promise<Integer> promise = Promise.promise();
    started.add(promise);
    return promise.future();
  }
}
