package dev.chatgateway.devmode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
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
    end(DevRedis.known());

    assertThat(new DevRedis().getHosts()).isEqualTo(hosts);
    try {
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
    ProcessHandle process = ProcessHandle.of(running.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }
}
