package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When commands are written to Redis, and what becomes of those that are not. */
class RedisLinkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final String key = RedisResource.newKeyPrefix() + "list";

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aCommandAfterAPauseIsWrittenAtOnceAndTheNextIsHeld() throws Exception {
    RedisLink link = link("100ms");
    Future<Reply> held = onLoop(() -> {
      push(link, 1);
      Future<Reply> second = push(link, 2);
      // Nothing else runs on the loop meanwhile: what is held stays so.
      awaitList(1);
      return second;
    });
    assertThat(await(held).number()).isEqualTo(2);
    assertThat(list()).containsExactly("1", "2");
  }

  @Test
  void nothingIsHeldWithoutAnInterval() throws Exception {
    RedisLink link = link("0");
    onLoop(() -> {
      push(link, 1);
      push(link, 2);
      awaitList(2);
      return null;
    });
    assertThat(list()).containsExactly("1", "2");
  }

  @Test
  void heldAndDirectCommandsKeepTheirOrder() throws Exception {
    RedisLink link = link("5ms");
    int total = 500;
    List<Future<Reply>> replies = new ArrayList<>();
    for (int i = 1; i <= total; i++) {
      int number = i;
      replies.add(onLoop(() -> push(link, number)));
      if (i % 50 == 0) {
        await(replies.get(i - 1)); // the next one follows upon a pause, more or less
      }
    }
    for (int i = 1; i <= total; i++) {
      assertThat(await(replies.get(i - 1)).number()).isEqualTo(i);
    }
    assertThat(list())
        .isEqualTo(IntStream.rangeClosed(1, total).mapToObj(String::valueOf).toList());
  }

  @Test
  void heldCommandsAreRefusedWhenTheConnectionDrops() throws Exception {
    RedisLink link = link("100ms");
    List<Future<Reply>> held = onLoop(() -> {
      push(link, 1);
      List<Future<Reply>> both = List.of(push(link, 2), push(link, 3));
      awaitList(1);
      // The loop reads that it is gone before it looks at its timers.
      TestRedis.cutConnections();
      return both;
    });
    for (Future<Reply> command : held) {
      assertThatThrownBy(() -> await(command)).isInstanceOf(RedisUnavailableException.class);
    }
    assertThat(errors("refused")).isEqualTo(2);

    awaitUp(link);
    assertThat(await(onLoop(() -> push(link, 4))).number()).isEqualTo(2);
    assertThat(await(onLoop(() -> push(link, 5))).number()).isEqualTo(3);
    assertThat(list()).containsExactly("1", "4", "5");
  }

  @Test
  void whoSendsAgainAsSoonAsTheTimeIsUpDisturbsNobody() throws Exception {
    RedisLink link = link("0", "chat.redis.command-timeout", "500ms");
    List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    context.exceptionHandler(unhandled::add);
    TestRedis.pause();
    try {
      List<Future<Reply>> late = onLoop(() -> IntStream.range(0, 20)
          .mapToObj(i -> push(link, i).onFailure(tooLate -> push(link, -i)))
          .toList());
      for (Future<Reply> command : late) {
        assertThatThrownBy(() -> await(command)).isInstanceOf(RedisUnavailableException.class);
      }
    } finally {
      TestRedis.resume();
    }
    awaitUp(link);
    assertThat(unhandled).isEmpty();
  }

  @Test
  void whoThrowsWhenTheConnectionDropsDoesNotKeepItFromComingBack() throws Exception {
    RedisLink link = link("100ms");
    Future<Reply> afterIt = onLoop(() -> {
      push(link, 1);
      push(link, 2).onFailure(dropped -> {
        throw new IllegalStateException("on purpose");
      });
      Future<Reply> third = push(link, 3);
      awaitList(1);
      TestRedis.cutConnections();
      return third;
    });
    assertThatThrownBy(() -> await(afterIt)).isInstanceOf(RedisUnavailableException.class);

    awaitUp(link);
    assertThat(await(onLoop(() -> push(link, 4))).number()).isEqualTo(2);
  }

  @Test
  void whatMustBeOnAReplicaIsRefusedWhereThereIsNone() throws Exception {
    RedisLink link = link("0", "chat.redis.wait-replicas", "1", "chat.redis.wait-timeout", "20ms");
    Future<Reply> durable =
        onLoop(() -> link.send(key, Request.cmd(Command.RPUSH).arg(key).arg(1), true));
    assertThatThrownBy(() -> await(durable))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessage("stored on too few replicas");
    assertThat(errors("unreplicated")).isEqualTo(1);

    // It was written all the same, which a retry finds out; and nothing else waits for replicas.
    assertThat(await(onLoop(() -> push(link, 2))).number()).isEqualTo(2);
    assertThat(list()).containsExactly("1", "2");
  }

  private double errors(String outcome) {
    return metrics
        .get("chat.redis.command.errors")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  private RedisLink link(String writeInterval, String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("chat.redis.write-interval", writeInterval);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    RedisConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(settings, "test", 100))
        .withMapping(RedisConfig.class)
        .build()
        .getConfigMapping(RedisConfig.class);
    RedisLink link = new RedisLinks(
            vertx,
            new RedisOptions().setConnectionString(TestRedis.uriOfAdmin()),
            config,
            new RedisMetrics(metrics))
        .commands(context);
    awaitUp(link);
    return link;
  }

  private void awaitUp(RedisLink link) throws Exception {
    Awaitility.await("a link that is up")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> onLoop(link::isUp));
  }

  private Future<Reply> push(RedisLink link, int number) {
    return link.send(key, Request.cmd(Command.RPUSH).arg(key).arg(number));
  }

  private List<String> list() {
    return TestRedis.ask(redis -> redis.lrange(key, 0, -1));
  }

  private void awaitList(int size) {
    Awaitility.await("what was written")
        .atMost(PATIENCE)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> list().size() == size);
  }

  private <T> T onLoop(Callable<T> action) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(run -> {
      try {
        result.complete(action.call());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return result.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
  }

  private static Reply await(Future<Reply> reply) throws Exception {
    try {
      return reply.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }
}
