package dev.chatgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** The fixture does what tests rely on. */
class RedisServerTest {
  @Test
  void keepsItsAddressAndWhatIsOnDisk() {
    try (RedisServer server = RedisServer.start(new RedisSetup().persistent())) {
      server.run(redis -> redis.set("chat:k", "v"));
      server.kill();
      assertThat(server.answers()).isFalse();
      server.start();
      assertThat(server.get("chat:k")).isEqualTo("v");
      server.kill();
      server.eraseData();
      server.start();
      assertThat(server.get("chat:k")).isNull();
    }
  }

  @Test
  void answersNothingWhileItIsFrozen() {
    try (RedisServer server = RedisServer.start(new RedisSetup())) {
      server.freeze();
      try {
        assertThatThrownBy(() -> new Jedis("127.0.0.1", server.port(), 200).ping())
            .isInstanceOf(JedisException.class);
      } finally {
        server.resume();
      }
      assertThat(server.answers()).isTrue();
    }
  }

  @Test
  void isOfTheOldestVersionToo() {
    RedisSetup setup = new RedisSetup().program(RedisProgram.embedded());
    try (RedisServer server = RedisServer.start(setup)) {
      assertThat(server.info("server")).contains("redis_version:6.2.");
    }
  }

  @Test
  void letsTheGatewayInAsTheUserItHas() {
    try (RedisServer server = RedisServer.start(new RedisSetup());
        Jedis gateway = new Jedis(URI.create(server.uri()))) {
      assertThat(gateway.set("chat:k", "v")).isEqualTo("OK");
      assertThatThrownBy(gateway::flushAll)
          .isInstanceOf(JedisDataException.class)
          .hasMessageContaining("NOPERM");
    }
  }

  @Test
  void speaksTlsAndLetsNobodyInWithoutLogin() {
    TlsFiles tls = TlsFiles.make();
    try (RedisServer server = RedisServer.start(new RedisSetup().tls(tls))) {
      assertThat(server.answers()).isTrue();
      try (Jedis plain = new Jedis("127.0.0.1", server.port())) {
        assertThatThrownBy(plain::ping).isInstanceOf(JedisException.class);
      }
      try (Jedis stranger = new Jedis(
          "127.0.0.1", server.port(), 2000, 2000, true, tls.socketFactory(), null, null)) {
        assertThatThrownBy(stranger::ping).hasMessageContaining("NOAUTH");
      }
    }
  }
}
