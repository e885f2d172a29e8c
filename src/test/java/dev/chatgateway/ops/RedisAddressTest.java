package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where Redis is, without what nobody should read. */
class RedisAddressTest {
  @ParameterizedTest
  @CsvSource({
    "redis://localhost,                       localhost:6379",
    "redis://redis.example:7000/1,            redis.example:7000",
    "rediss://user:secret@redis.example:7000, redis.example:7000",
    "redis://:se%40cret@10.0.0.1?x=secret,    10.0.0.1:6379",
    "redis://u:p@[::1]:7000,                  [::1]:7000",
    "redis://u:p@[::1],                       [::1]:6379",
    "unix:///run/redis.sock,                  unix:/run/redis.sock"
  })
  void showsHostAndPort(String uri, String shown) {
    assertThat(RedisAddress.shown(List.of(URI.create(uri)))).isEqualTo(shown);
  }

  @Test
  void showsAllOfThem() {
    assertThat(RedisAddress.shown(List.of(URI.create("redis://a:1"), URI.create("redis://b:2"))))
        .isEqualTo("a:1, b:2");
  }
}
