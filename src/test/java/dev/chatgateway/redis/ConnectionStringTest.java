package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionStringTest {
  @ParameterizedTest
  @CsvSource({
    "redis://localhost, localhost:6379, 0",
    "redis://gateway:S3c%5Et-PW@redis.example:7000/3, redis.example:7000, 3",
    "rediss://:S3c%5Et-PW@[::1]:7000?db=2, [::1]:7000, 2",
    "redis://redis.example/?password=S3c%5Et-PW, redis.example:6379, 0",
    "unix:///run/redis.sock?db=4, unix:/run/redis.sock, 4"
  })
  void readsPlaceAndDatabaseAndShowsNoSecret(String text, String shown, int database) {
    ConnectionString read = ConnectionString.parse(text);
    assertThat(read.shown()).isEqualTo(shown);
    assertThat(read.database()).isEqualTo(database);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://gateway:S3c^t-PW@redis.example:7000",
        "redis://gateway:S3c#t-PW@redis.example:7000",
        "redis://gateway:S3c/t-PW@redis.example:7000",
        "redis://gateway:S3c?t-PW@redis.example:7000",
        "redis://gateway:S3c@t-PW@redis.example:7000",
        "redis://gateway:S3c%t-PW@redis.example:7000",
        "redis://gateway:S3c t-PW@redis.example:7000",
        "redis://gateway:S3c[t-PW@redis.example:7000",
        "redis://gateway:S3c\\t-PW@redis.example:7000",
        "redis://gateway:S3c",
        "t-PW@redis.example:7000",
        "S3c:t-PW@redis.example:7000",
        "redis://redis.example:7000/S3c",
        "redis://redis.example:7000?password=S3c&db=t-PW",
        "http://gateway:S3c@redis.example:7000"
      })
  void malformedOneShowsNoSecret(String text) {
    assertThatThrownBy(() -> ConnectionString.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .contains("%XX")
        .doesNotContain("S3c")
        .doesNotContain("t-PW");
  }

  @Test
  void malformedOneShowsWhereItLeads() {
    assertThatThrownBy(
            () -> ConnectionString.parse("redis://gateway:S3c^t-PW@redis.example:7000/1"))
        .hasMessageStartingWith("redis://…@redis.example:7000/1 ");
  }
}
