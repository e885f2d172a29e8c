package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a pod reports is what its meters say. */
class PodFiguresTest {
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final PodFigures figures = new PodFigures(meters, 5000);
  private long nowNanos = TimeUnit.HOURS.toNanos(-7); // as any other

  private Map<Figure, Double> aSecondLater() {
    nowNanos += TimeUnit.SECONDS.toNanos(1);
    return figures.read(nowNanos);
  }

  @Test
  void takesRatesOverTheLastFiveLooks() {
    aSecondLater();
    meters.counter("chat.messages.accepted").increment(30);
    assertThat(aSecondLater()).containsEntry(Figure.ACCEPTED_PER_S, 30.0);
    assertThat(aSecondLater()).containsEntry(Figure.ACCEPTED_PER_S, 15.0);
    for (int i = 0; i < 3; i++) {
      assertThat(aSecondLater().get(Figure.ACCEPTED_PER_S)).isPositive();
    }
    assertThat(aSecondLater()).containsEntry(Figure.ACCEPTED_PER_S, 0.0);
  }

  @Test
  void addsUpWhatIsCountedByTag() {
    aSecondLater();
    meters.counter("chat.errors", "code", "forbidden").increment(3);
    meters.counter("chat.errors", "code", "unavailable").increment(4);
    meters.counter("chat.dropped", "reason", "slow_client").increment(2);
    assertThat(aSecondLater())
        .containsEntry(Figure.REFUSED_PER_S, 7.0)
        .containsEntry(Figure.DROPPED, 2.0);
  }

  @Test
  void tellsResumesApart() {
    meters.counter("chat.joins", "outcome", "fresh").increment(100);
    meters.counter("chat.joins", "outcome", "recovered").increment(5);
    meters.counter("chat.joins", "outcome", "not_recovered").increment(6);
    meters.counter("chat.connections.closed", "code", "4408").increment(7);
    meters.counter("chat.connections.closed", "code", "1012").increment(8);
    assertThat(aSecondLater())
        .containsEntry(Figure.RESUMES_RECOVERED, 5.0)
        .containsEntry(Figure.RESUMES_NOT_RECOVERED, 6.0)
        .containsEntry(Figure.CLOSED_SLOW, 7.0);
  }

  @Test
  void takesTheMeanLagOfTheLastLooksAndNotOfAllTime() {
    meters.timer("chat.relay.lag").record(10_000, TimeUnit.MILLISECONDS);
    aSecondLater();
    meters.timer("chat.relay.lag").record(3, TimeUnit.MILLISECONDS);
    meters.timer("chat.relay.lag").record(5, TimeUnit.MILLISECONDS);
    assertThat(aSecondLater().get(Figure.RELAY_LAG_MS)).isEqualTo(4.0);
  }

  @Test
  void leavesOutWhatIsNotMetered() {
    AtomicInteger connections = new AtomicInteger(12);
    meters.gauge("chat.connections", connections);
    assertThat(aSecondLater())
        .containsEntry(Figure.CONNECTIONS, 12.0)
        .containsEntry(Figure.CONNECTIONS_LIMIT, 5000.0)
        .doesNotContainKey(Figure.ROOMS);
  }
}
