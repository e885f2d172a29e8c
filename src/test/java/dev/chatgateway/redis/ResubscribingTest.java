package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.RedisCluster;
import dev.chatgateway.testing.RedisProgram;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.util.SafeEncoder;

/** A channel of a cluster that is given up, and wanted again before the server has answered. */
class ResubscribingTest {
  private static final String CHANNEL = "chat:{t:7}";

  private final RedisCluster redis =
      RedisCluster.start(new RedisSetup().program(RedisProgram.installed().requireSeven()));
  private final LinksOfALoop loop = new LinksOfALoop();
  private final Listener listener = new Listener();
  private PubSubLink link;

  @AfterEach
  void end() throws Exception {
    loop.close();
    redis.close();
  }

  /** Wants the channel, and asks for it whenever it isn't heard, as a pod does. */
  private final class Listener implements PubSubLink.Listener {
    final Set<String> heard = ConcurrentHashMap.newKeySet();
    final List<String> messages = new CopyOnWriteArrayList<>();
    volatile boolean wanted;

    @Override
    public void up() {}

    @Override
    public void subscribable() {
      if (wanted && !heard.contains(CHANNEL)) {
        link.subscribe(List.of(CHANNEL));
      }
    }

    @Override
    public void down(Predicate<String> channels) {
      heard.removeIf(channels);
    }

    @Override
    public void subscribed(String channel) {
      heard.add(channel);
    }

    @Override
    public void message(String channel, byte[] payload) {
      messages.add(new String(payload, StandardCharsets.UTF_8));
    }
  }

  @Test
  void isHeardAgainAfterItsConnectionWasLost() throws Exception {
    connect();
    listener.wanted = true;
    loop.run(() -> {
      listener.subscribable();
      return null;
    });
    eventually("the channel", this::isHeard);

    loop.run(() -> {
      link.unsubscribe(List.of(CHANNEL));
      listener.heard.clear();
      link.subscribe(List.of(CHANNEL));
      return null;
    });
    eventually("the channel once more", this::isHeard);
    assertThat(publish("one")).isEqualTo(1);
    eventually("a message", () -> listener.messages.contains("one"));

    owner().run(server -> server.clientKill(new ClientKillParams().type(ClientType.PUBSUB)));

    eventually("another message", () -> publish("two") == 1 && listener.messages.contains("two"));
  }

  private void connect() {
    RedisOptions options = new RedisOptions().setType(RedisClientType.CLUSTER);
    for (String seed : RedisCluster.seeds(redis.nodes()).split(",")) {
      options.addConnectionString(seed);
    }
    RedisLinks links = loop.links(options);
    link = links.pubSub(
        loop.context(),
        links.commands(loop.context()),
        "chat:{p:test}",
        List.of("chat:{pods}:all"),
        listener);
    link.start();
    eventually("a link", () -> loop.run(link::isUp));
  }

  private boolean isHeard() {
    return listener.heard.contains(CHANNEL);
  }

  private long publish(String message) {
    return owner().ask(server ->
        (long) server.sendCommand(() -> SafeEncoder.encode("SPUBLISH"), CHANNEL, message));
  }

  private RedisServer owner() {
    return redis.owner(RedisCluster.slot(CHANNEL));
  }

  private static void eventually(String what, Callable<Boolean> is) {
    Awaitility.await(what).atMost(LinksOfALoop.PATIENCE).until(is);
  }
}
