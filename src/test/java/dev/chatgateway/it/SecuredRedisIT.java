package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisCluster;
import dev.chatgateway.testing.RedisProgram;
import dev.chatgateway.testing.RedisSentinels;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.TlsFiles;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol;

/** TLS, users and passwords together, on each kind of Redis; and each version by itself. */
@Proof
class SecuredRedisIT {
  private final TlsFiles tls = TlsFiles.make();

  @Test
  void standalone() {
    try (RedisServer redis = RedisServer.start(new RedisSetup().tls(tls))) {
      talk(settings(redis));
    }
  }

  @Test
  void sentinels() {
    RedisSetup setup = new RedisSetup().tls(tls).lockedSentinels();
    try (RedisSentinels redis = RedisSentinels.start(setup)) {
      talk(redis.gatewaySettings());
    }
  }

  @Test
  void cluster() {
    try (RedisCluster redis = RedisCluster.start(new RedisSetup().tls(tls))) {
      talk(redis.gatewaySettings());
    }
  }

  @Test
  void sixHasNoShardedPubSubAndWorks() {
    RedisSetup six = new RedisSetup().program(RedisProgram.embedded());
    try (RedisServer redis = RedisServer.start(six)) {
      talk("quarkus.redis.hosts", redis.uri());
    }
  }

  @Test
  void sevenHasShardedPubSub() {
    RedisSetup seven = new RedisSetup().program(RedisProgram.installed().requireSeven());
    try (RedisServer redis = RedisServer.start(seven);
        PodProcess first = PodProcess.start("quarkus.redis.hosts", redis.uri());
        PodProcess second = PodProcess.start("quarkus.redis.hosts", redis.uri())) {
      new Conversation(first, second, 1).requireAll("hello");
      List<?> channels = (List<?>)
          redis.<Object>ask(one -> one.sendCommand(Protocol.Command.PUBSUB, "SHARDCHANNELS"));
      assertThat(channels).isNotEmpty();
    }
  }

  private String[] settings(RedisServer redis) {
    return Stream.concat(
            Stream.of("quarkus.redis.hosts", redis.uri()), Stream.of(tls.gatewaySettings()))
        .toArray(String[]::new);
  }

  private static void talk(String... settings) {
    try (PodProcess first = PodProcess.start(settings);
        PodProcess second = PodProcess.start(settings)) {
      Conversation conversation = new Conversation(first, second, 1);
      conversation.requireAll("hello");
      conversation.requireNoHole();
    }
  }
}
