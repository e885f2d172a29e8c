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
 * here is a program, which drops what a cut holds back if the sender resets the connection; so these
 * show that the gateway does. That the kernel then retransmits nothing
 * is the kernel's promise, and what Redis's own kernel has received is executed all the same.
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
  void whatItHadUnderWayIsNotExecutedAfterWhatTheNextOneWrites() throws Exception {
    RedisLink link = link("5s");
    assertThat(await(loop.run(() -> push(link, "first"))).number()).isEqualTo(1);

    network.cut(EnumSet.allOf(Way.class));
    List<Future<Reply>> late = push(link, 10, "old");
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
    assertThat(redis.<List<String>>ask(client -> client.lrange(KEY, 0, -1)))
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

  private List<Future<Reply>> push(RedisLink link, int times, String value) throws Exception {
    List<Future<Reply>> replies = new ArrayList<>();
    loop.run(() -> {
      for (int i = 0; i < times; i++) {
        replies.add(push(link, value));
      }
      return null;
    });
    return replies;
  }

  private static Future<Reply> push(RedisLink link, String value) {
    return link.send(KEY, Request.cmd(Command.RPUSH).arg(KEY).arg(value));
  }
}
