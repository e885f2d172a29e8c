package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private final DefaultEventLoop executor = new DefaultEventLoop();
  private final Loop loop = new Loop(0, executor, null, null, null);
  private final List<List<String>> batches = new ArrayList<>();
  private final List<Promise<Void>> outcomes = new ArrayList<>();
  private final Batcher<String> batcher = new Batcher<>(loop, batch -> {
    batches.add(batch);
    Promise<Void> outcome = Promise.promise();
    outcomes.add(outcome);
    return outcome.future();
  });

  @AfterEach
  void end() {
    executor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void whatComesInOneTurnIsDoneInOneGo() throws Exception {
    List<Future<Void>> done = new ArrayList<>();
    onLoop(() -> List.of("a", "b").forEach(item -> done.add(batcher.add(item))));
    onLoop(() -> List.of("c").forEach(item -> done.add(batcher.add(item))));
    onLoop(() -> {});

    assertThat(batches).containsExactly(List.of("a", "b"), List.of("c"));
    onLoop(() -> outcomes.get(1).complete());
    assertThat(done.get(2).succeeded()).isTrue();
    assertThat(done.get(0).isComplete()).isFalse();
    onLoop(() -> outcomes.get(0).fail("no"));
    assertThat(done.get(0).failed()).isTrue();
    assertThat(done.get(1).failed()).isTrue();
  }

  private void onLoop(Runnable action) throws Exception {
    executor.submit(action).get(5, TimeUnit.SECONDS);
  }
}
