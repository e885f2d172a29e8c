package dev.chatgateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00.000Z",
    "7, 1970-01-01T00:00:00.007Z",
    "1767225599999, 2025-12-31T23:59:59.999Z",
    "1767225600000, 2026-01-01T00:00:00.000Z",
    "-1, 1969-12-31T23:59:59.999Z"
  })
  void isoWithMilliseconds(long ms, String iso) {
    assertThat(Timestamps.iso(ms)).isEqualTo(iso);
  }

  @Test
  void anyOrderOfTimesIsAsGood() {
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      long ms = 1_767_225_600_000L + random.nextInt(5000);
      assertThat(Instant.parse(Timestamps.iso(ms)).toEpochMilli()).isEqualTo(ms);
    }
  }
}
