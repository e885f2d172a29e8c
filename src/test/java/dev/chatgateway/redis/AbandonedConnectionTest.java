package dev.chatgateway.redis;

import static dev.chatgateway.redis.LinksOfALoop.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.chaos.fault.TcpProxy;
import dev.chatgateway.chaos.fault.TcpProxy.Order;
import dev.chatgateway.chaos.fault.TcpProxy.Way;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of commands that are under way to Redis when their connection is given up. The network
 * here is a program that delivers after a cut what its sender's kernel has taken, unless that has reset
 * the connection; so these show that the gateway resets it, and what it keeps in its own buffers. What
 * Linux then retransmits, namely nothing, is Linux's word, and what has come as far as Redis's own
 * kernel cannot be taken back.
 */
class AbandonedConnectionTest {
  private static final Duration SILENCE = Duration.ofMillis(700);
  private static final String KEY = "chat:list";

  private final LinksOfALoop loop = new LinksOfALoop();
  private final RedisServer redis = RedisServer.start(new RedisSetup());
  private final TcpProxy network = new TcpProxy(loop.vertx(), redis.port(), 1);

  @AfterEach
  void stop() throws Exception {
    network.close();
    loop.close();
    redis.close();
  }

  @Test
  void whatItHadWrittenIsNotExecutedAfterWhatTheNextOneWrites() throws Exception {
    givesUpAConnectionWith(10, "old");
  }

  @Test
  void whatItHadNotEvenWrittenIsNeitherExecuted() throws Exception {
    givesUpAConnectionWith(1000, "old".repeat(10_000)); // more than buffers of the kernel hold
  }

  private void givesUpAConnectionWith(int commands, String old) throws Exception {
    RedisLink link = link("5s");
    assertThat(await(loop.run(() -> push(link, "first"))).number()).isEqualTo(1);

    network.cut(EnumSet.allOf(Way.class));
    List<Future<Reply>> late = new ArrayList<>();
    loop.run(() -> {
      for (int i = 0; i < commands; i++) {
        late.add(push(link, old));
      }
      return null;
    });
    loop.awaitDown(link);
    for (Future<Reply> one : late) {
      assertThatThrownBy(() -> await(one)).isInstanceOf(RedisUnavailableException.class);
    }
    network.heal(Order.NEW_FIRST);
    loop.awaitUp(link);
    await(loop.run(() -> push(link, "new")));
    Awaitility.await("the end of all connections but the new one")
        .atMost(LinksOfALoop.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> network.connections() == 1);

    await(loop.run(() -> push(link, "last")));
    List<String> executed = redis.ask(client -> client.lrange(KEY, 0, -1));
    assertThat(executed)
        .map(value -> value.substring(0, Math.min(5, value.length())))
        .containsExactly("first", "new", "last");
  }

  @Test
  void whoSendsAgainAsTheTimeIsUpDoesNotSendIntoAConnectionThatIsGivenUp() throws Exception {
    RedisLink link = link(SILENCE.toMillis() + "ms");
    network.cut(EnumSet.allOf(Way.class));
    Future<Reply> again = loop.run(() -> push(link, "old").recover(late -> push(link, "again")));
    assertThatThrownBy(() -> await(again)).hasMessage("not connected");
  }

  private RedisLink link(String commandTimeout) throws Exception {
    return loop.connect(
        redis.uriOfAdmin().replace(":" + redis.port(), ":" + network.port()),
        "write-interval",
        "0",
        "silence",
        SILENCE.toMillis() + "ms",
        "command-timeout",
        commandTimeout);
  }

  private static Future<Reply> push(RedisLink link, String value) {
    return link.send(KEY, Request.cmd(Command.RPUSH).arg(KEY).arg(value));
  }
}
