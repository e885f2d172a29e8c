package dev.chatgateway.redis;

import static dev.chatgateway.redis.LinksOfALoop.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** When commands are written to Redis, and what becomes of those that are not. */
class RedisLinkTest {
  private final LinksOfALoop loop = new LinksOfALoop();
  private final String key = RedisResource.newKeyPrefix() + "list";

  @AfterEach
  void stop() throws Exception {
    loop.close();
  }

  @Test
  void aCommandAfterAPauseIsWrittenAtOnceAndTheNextIsHeld() throws Exception {
    RedisLink link = link("100ms");
    Future<Reply> held = loop.run(() -> {
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
    loop.run(() -> {
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
      replies.add(loop.run(() -> push(link, number)));
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
    List<Future<Reply>> held = loop.run(() -> {
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
    assertThat(loop.errors("refused")).isEqualTo(2);

    loop.awaitUp(link);
    assertThat(await(loop.run(() -> push(link, 4))).number()).isEqualTo(2);
    assertThat(await(loop.run(() -> push(link, 5))).number()).isEqualTo(3);
    assertThat(list()).containsExactly("1", "4", "5");
  }

  @Test
  void whoSendsAgainAsSoonAsTheTimeIsUpDisturbsNobody() throws Exception {
    RedisLink link = link("0", "command-timeout", "500ms");
    List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    loop.context().exceptionHandler(unhandled::add);
    TestRedis.pause();
    try {
      List<Future<Reply>> late = loop.run(() -> IntStream.range(0, 20)
          .mapToObj(i -> push(link, i).onFailure(tooLate -> push(link, -i)))
          .toList());
      for (Future<Reply> command : late) {
        assertThatThrownBy(() -> await(command)).isInstanceOf(RedisUnavailableException.class);
      }
    } finally {
      TestRedis.resume();
    }
    loop.awaitUp(link);
    assertThat(unhandled).isEmpty();
  }

  @Test
  void whoThrowsWhenTheConnectionDropsDoesNotKeepItFromComingBack() throws Exception {
    RedisLink link = link("100ms");
    Future<Reply> afterIt = loop.run(() -> {
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

    loop.awaitUp(link);
    assertThat(await(loop.run(() -> push(link, 4))).number()).isEqualTo(2);
  }

  @Test
  void whatMustBeOnAReplicaIsRefusedWhereThereIsNone() throws Exception {
    RedisLink link = link("0", "wait-replicas", "1", "wait-timeout", "20ms");
    Future<Reply> durable =
        loop.run(() -> link.send(key, Request.cmd(Command.RPUSH).arg(key).arg(1), true));
    assertThatThrownBy(() -> await(durable))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessage("stored on too few replicas");
    assertThat(loop.errors("unreplicated")).isEqualTo(1);

    // It was written all the same, which a retry finds out; and nothing else waits for replicas.
    assertThat(await(loop.run(() -> push(link, 2))).number()).isEqualTo(2);
    assertThat(list()).containsExactly("1", "2");
  }

  @Test
  void aServerThatIsBusyWithAScriptIsUsedOnceItCanSayWhatItKnows() throws Exception {
    RedisLink before = link("0");
    String limit = TestRedis.ask(redis -> redis.configGet("lua-time-limit")).get("lua-time-limit");
    TestRedis.run(redis -> redis.configSet("lua-time-limit", "50"));
    Thread script = new Thread(
        () -> assertThatThrownBy(() -> TestRedis.ask(redis -> redis.eval("while true do end")))
            .isInstanceOf(JedisException.class));
    script.start();
    RedisLink link;
    try {
      Awaitility.await("a busy server")
          .atMost(LinksOfALoop.PATIENCE)
          .until(() -> TestRedis.ask(RedisLinkTest::isBusy));
      link = loop.links(new RedisOptions().setConnectionString(TestRedis.uri()))
          .commands(loop.context());
      Awaitility.await("a link that can't be of use yet")
          .during(Duration.ofMillis(500))
          .atMost(LinksOfALoop.PATIENCE)
          .until(() -> !loop.run(link::isUp));
    } finally {
      TestRedis.run(redis -> redis.scriptKill());
      script.join();
      TestRedis.run(redis -> redis.configSet("lua-time-limit", limit));
    }
    loop.awaitUp(link);
    assertThat(link.publishing(key)).isEqualTo(before.publishing(key));
  }

  private static boolean isBusy(Jedis redis) {
    try {
      redis.ping();
      return false;
    } catch (JedisException e) {
      return e.getMessage().startsWith("BUSY");
    }
  }

  private RedisLink link(String writeInterval, String... more) throws Exception {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("write-interval");
    settings.add(writeInterval);
    return loop.connect(TestRedis.uriOfAdmin(), settings.toArray(String[]::new));
  }

  private Future<Reply> push(RedisLink link, int number) {
    return link.send(key, Request.cmd(Command.RPUSH).arg(key).arg(number));
  }

  private List<String> list() {
    return TestRedis.ask(redis -> redis.lrange(key, 0, -1));
  }

  private void awaitList(int size) {
    Awaitility.await("what was written")
        .atMost(LinksOfALoop.PATIENCE)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> list().size() == size);
  }
}
