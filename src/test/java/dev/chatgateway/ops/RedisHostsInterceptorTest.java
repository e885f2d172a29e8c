package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisHostsInterceptorTest {
  @ParameterizedTest
  @ValueSource(strings = {"quarkus.redis.hosts", "quarkus.redis.other.hosts"})
  void passwordThatBreaksTheAddressIsNotTold(String name) {
    SmallRyeConfig config =
        config(name, "redis://a:6379,redis://gateway:S3c^t-PW@redis.example:6379");
    assertThatThrownBy(() -> config.getValues(name, URI.class))
        .hasMessageContaining(name)
        .hasMessageContaining("@redis.example:6379")
        .satisfies(e -> {
          StringWriter trace = new StringWriter();
          e.printStackTrace(new PrintWriter(trace));
          assertThat(trace.toString()).doesNotContain("S3c");
        });
  }

  @Test
  void whatCanBeReadPasses() {
    SmallRyeConfig config = config("quarkus.redis.hosts", "redis://a:6379, rediss://u:p%5E@b/1");
    assertThat(config.getValues("quarkus.redis.hosts", URI.class))
        .isEqualTo(List.of(URI.create("redis://a:6379"), URI.create("rediss://u:p%5E@b/1")));
  }

  private static SmallRyeConfig config(String name, String value) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withInterceptors(new RedisHostsInterceptor())
        .withSources(new PropertiesConfigSource(Map.of(name, value), "test", 100))
        .build();
  }
}
