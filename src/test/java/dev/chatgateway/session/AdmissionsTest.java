package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionsTest {
  private static final long MS = 1_000_000;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nowNanos;
  private boolean stopping;

  @Test
  void aCrowdIsLetInAtTheRateAndTheRestIsToldWhenToTryAgain() {
    Admissions admissions = admissions();
    for (int i = 0; i < 5; i++) {
      assertThat(admissions.admit()).isZero();
    }
    for (int i = 0; i < 20; i++) {
      assertThat(admissions.admit()).isBetween(1, 3);
    }
    nowNanos += 100 * MS;
    assertThat(admissions.admit()).isZero();
    assertThat(admissions.admit()).isPositive();
    assertThat(refused("rate")).isEqualTo(21);
  }

  @Test
  void thoseWhoAreRefusedTogetherAreNotAskedBackTogether() {
    Admissions admissions = admissions();
    Set<Integer> seconds = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      seconds.add(admissions.admit());
    }
    assertThat(seconds).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void aPodThatStopsLetsNobodyIn() {
    Admissions admissions = admissions();
    stopping = true;
    assertThat(admissions.admit()).isEqualTo(1);
    assertThat(refused("draining")).isEqualTo(1);
    assertThat(refused("rate")).isZero();
  }

  @Test
  void aPodThatIsFullCountsItApart() {
    assertThat(admissions().refuseFull()).isBetween(1, 3);
    assertThat(refused("full")).isEqualTo(1);
    assertThat(refused("rate")).isZero();
  }

  private double refused(String reason) {
    return registry
        .get("chat.admission.refused")
        .tag("reason", reason)
        .counter()
        .count();
  }

  private Admissions admissions() {
    AdmissionConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(
            Map.of(
                "chat.admission.per-second",
                "10",
                "chat.admission.burst",
                "5",
                "chat.admission.retry-after",
                "3"),
            "test",
            100))
        .withMapping(AdmissionConfig.class)
        .build()
        .getConfigMapping(AdmissionConfig.class);
    return new Admissions(config, () -> stopping, () -> nowNanos, registry);
  }
}
