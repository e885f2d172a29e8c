package dev.chatgateway.devmode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The Redis of dev mode. */
class DevRedisTest {
  @Test
  void isOneHoweverOftenItIsAskedFor() {
    var hosts = new DevRedis().getHosts();
    DevRedis.Running running = DevRedis.known();
    try {
      assertThat(new DevRedis().getHosts()).isEqualTo(hosts);
      assertThat(DevRedis.known()).isEqualTo(running);
      assertThat(running.version()).matches("[0-9.]+");
      assertThat(ping(hosts.iterator().next())).isEqualTo("PONG");
    } finally {
      end(running);
    }
  }

  @Test
  void comesBackWhereItWas() {
    var hosts = new DevRedis().getHosts();
    DevRedis.Running first = DevRedis.known();
    try {
      ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> DevRedis.known().pid() != first.pid());
      assertThat(new DevRedis().getHosts()).isEqualTo(hosts);
      assertThat(ping(hosts.iterator().next())).isEqualTo("PONG");
    } finally {
      end(DevRedis.known());
    }
  }

  @Test
  void saysWhyItDoesNotStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> new EmbeddedRedis().start(taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ddress already in use");
    }
  }

  private static String ping(URI uri) {
    try (Jedis redis = new Jedis(uri)) {
      return redis.ping();
    }
  }

  private static void end(DevRedis.Running running) {
    System.clearProperty("chat.dev.redis"); // or it would come back
    ProcessHandle process = ProcessHandle.of(running.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }
}
