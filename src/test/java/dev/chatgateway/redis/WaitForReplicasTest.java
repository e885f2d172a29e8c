package dev.chatgateway.redis;

import static dev.chatgateway.redis.LinksOfALoop.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.RedisUsers;
import dev.chatgateway.testing.TwoPods;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of what must be on a replica, and of all else, while a replica is missing. */
class WaitForReplicasTest {
  private static final int WAIT_MS = 500;
  private static final int ANSWERED_MS = 1500; // a wait, and a machine that is busy
  private static final int EVERY_MS = 20;
  private static final int LAST_MS = 6000;

  private final LinksOfALoop loop = new LinksOfALoop();
  private final RedisServer primary = RedisServer.start(setup());
  private RedisServer replica;

  @AfterEach
  void stop() throws Exception {
    loop.close();
    primary.close();
    if (replica != null) {
      replica.close();
    }
  }

  /** A command, and how long it took to be answered or refused. */
  private record Timed(Future<Reply> reply, long[] ms) {
    static Timed of(Future<Reply> reply) {
      long[] ms = new long[1];
      long begun = System.nanoTime();
      reply.onComplete(done -> ms[0] = (System.nanoTime() - begun) / 1_000_000);
      return new Timed(reply, ms);
    }
  }

  @Test
  void whatWaitsForNoReplicaIsAnsweredAllTheTimeWhileOneIsMissing() throws Exception {
    RedisLink link = link();
    List<Timed> durable = new ArrayList<>();
    List<Timed> plain = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_MS);
    loop.run(() -> loop.vertx().setPeriodic(EVERY_MS, timer -> {
      durable.add(Timed.of(push(link, "durable", true)));
      plain.add(Timed.of(push(link, "plain", false)));
      if (System.nanoTime() - end > 0) {
        loop.vertx().cancelTimer(timer);
      }
    }));
    Awaitility.await("answers to everything")
        .atMost(Duration.ofMillis(2 * LAST_MS))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> System.nanoTime() - end > 0
            && loop.run(() -> durable.stream().allMatch(one -> one.reply().isComplete())
                && plain.stream().allMatch(one -> one.reply().isComplete())));

    assertThat(plain).allSatisfy(one -> {
      assertThat(one.reply().succeeded()).isTrue();
      assertThat(one.ms()[0]).isLessThan(ANSWERED_MS);
    });
    assertThat(durable).allSatisfy(one -> {
      assertThat(one.reply().cause()).isInstanceOf(RedisUnavailableException.class);
      assertThat(one.ms()[0]).isLessThan(ANSWERED_MS);
    });
    long held = plain.stream().filter(one -> one.ms()[0] > WAIT_MS / 10).count();
    assertThat(held).as("plain commands that were held up").isLessThan(plain.size() / 2);
    assertThat(loop.disconnects()).isZero();
    // Whoever was told that it was not written must be right.
    assertThat(length(primary))
        .isEqualTo((long) loop.errors("unreplicated"))
        .isEqualTo(durable.size() - (long) loop.errors("refused"));
  }

  @Test
  void acceptsAgainSoonAfterTheReplicaIsBack() throws Exception {
    RedisLink link = link();
    assertThatThrownBy(() -> await(loop.run(() -> push(link, "durable", true))))
        .hasMessage("stored on too few replicas");
    assertThatThrownBy(() -> await(loop.run(() -> push(link, "durable", true))))
        .hasMessage("too few replicas");

    startReplica();
    Awaitility.await("a message that is accepted")
        .atMost(LinksOfALoop.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> await(loop.run(() -> push(link, "durable", true))).number() > 0);

    // And then all of them, also those that are written while others are asked about.
    List<Future<Reply>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(loop.run(() -> push(link, "durable", true)));
    }
    for (Future<Reply> one : all) {
      long number = await(one).number();
      assertThat(length(replica)).isGreaterThanOrEqualTo(number);
    }
  }

  // Not durably here: asking replicas is written to them as well.
  @Test
  void aRetryIsWrittenTooSoThatItWaitsForWhatTheFirstTryWrote() throws Exception {
    startReplica();
    RedisLink link = link();
    assertThat(await(loop.run(() -> send(link))).at(0).text()).isEqualTo("sent");
    long written = offset();
    assertThat(await(loop.run(() -> send(link))).at(0).text()).isEqualTo("duplicate");
    assertThat(offset()).isGreaterThan(written);
  }

  private static Future<Reply> send(RedisLink link) {
    return LuaScript.load("ticket/send")
        .call(
            link,
            TwoPods.sendKeys("chat:", "7"),
            "PUBLISH",
            100_000,
            "e",
            "",
            "bot",
            "key",
            "",
            "{}",
            10,
            100_000,
            "chat:n",
            "");
  }

  private long offset() {
    return Long.parseLong(
        primary.info("replication").replaceFirst("(?s).*master_repl_offset:(\\d+).*", "$1"));
  }

  private RedisLink link() throws Exception {
    return loop.connect(
        primary
            .uri()
            .replace(
                RedisUsers.GATEWAY + ":" + RedisUsers.GATEWAY_PASSWORD,
                RedisUsers.TESTS + ":" + RedisUsers.TESTS_PASSWORD),
        "wait-replicas",
        "1",
        "wait-timeout",
        WAIT_MS + "ms");
  }

  private static RedisSetup setup() {
    return new RedisSetup()
        .config("masteruser", RedisUsers.REPLICA)
        .config("masterauth", RedisUsers.REPLICA_PASSWORD)
        .config("repl-diskless-sync-delay", "0")
        .config("repl-ping-replica-period", "3600"); // which would be written as well
  }

  private void startReplica() {
    replica = RedisServer.start(setup().config("replicaof", "127.0.0.1 " + primary.port()));
    Awaitility.await("a replica that follows")
        .atMost(LinksOfALoop.PATIENCE)
        .until(() -> replica.info("replication").contains("master_link_status:up"));
  }

  private static long length(RedisServer server) {
    return server.ask(redis -> redis.llen("chat:durable"));
  }

  private static Future<Reply> push(RedisLink link, String list, boolean durable) {
    String key = "chat:" + list;
    return link.send(key, Request.cmd(Command.RPUSH).arg(key).arg(1), durable);
  }
}
