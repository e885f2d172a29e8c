package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a heartbeat makes of the leases it finds, by Redis's clock. */
class HeartbeatTest {
  private static final long LEASE = 8000;

  private final String head = RedisResource.newKeyPrefix() + "{pods}:";

  @AfterEach
  void removeKeys() {
    TestRedis.run(redis -> redis.del(head + "leases", head + "store", head + "loads"));
  }

  private record Beat(boolean held, List<String> dead) {}

  @Test
  void whileOthersBeatALeaseRunsOut() {
    lease("quiet", -10);
    lease("other", LEASE - 1000);
    assertThat(beat("own")).isEqualTo(new Beat(false, List.of("quiet")));
    assertThat(beat("other")).isEqualTo(new Beat(true, List.of("quiet")));
  }

  @Test
  void theTimeInWhichNobodyBeatCountsForNoLease() {
    lease("own", -60_000);
    lease("newest", -59_500);
    lease("oldest", -59_500 - LEASE + 1000);
    assertThat(beat("own")).isEqualTo(new Beat(true, List.of()));
    assertThat(left("own")).isCloseTo(LEASE, within(500.0));
    assertThat(left("newest")).isCloseTo(LEASE, within(500.0));
    assertThat(left("oldest")).isCloseTo(1000, within(500.0));
  }

  @Test
  void thatIsSoBeforeAnyLeaseHasRunOut() {
    lease("own", 3000);
    lease("other", 2000);
    assertThat(beat("own")).isEqualTo(new Beat(true, List.of()));
    assertThat(left("other")).isCloseTo(7000, within(500.0));
  }

  @Test
  void aPodThatIsNewHasNoOtherSweptEither() {
    lease("other", -60_000);
    assertThat(beat("own")).isEqualTo(new Beat(false, List.of()));
    assertThat(left("other")).isCloseTo(LEASE, within(500.0));
  }

  @Test
  void whoseLeaseHadRunOutBeforeStaysDead() {
    lease("own", -60_000);
    lease("lapsed", -60_000 - LEASE - 1000);
    assertThat(beat("own")).isEqualTo(new Beat(true, List.of("lapsed")));
    lease("own", -60_000);
    assertThat(beat("lapsed")).isEqualTo(new Beat(false, List.of("lapsed")));
  }

  /** Also where the clock goes back, and where other pods have longer leases. */
  @Test
  void whoWasTakenForDeadStaysDead() {
    lease("dead", -10);
    lease("other", LEASE - 1000);
    assertThat(beat("own").dead()).containsExactly("dead");
    assertThat(TestRedis.<Double>ask(redis -> redis.zscore(head + "leases", "dead")))
        .isZero();

    TestRedis.run(redis -> redis.zrem(head + "leases", "own", "other"));
    assertThat(beat("dead")).isEqualTo(new Beat(false, List.of("dead")));
  }

  private void lease(String incarnation, double leftMs) {
    TestRedis.run(redis -> redis.zadd(head + "leases", now() + leftMs, incarnation));
  }

  private double left(String incarnation) {
    return TestRedis.<Double>ask(redis -> redis.zscore(head + "leases", incarnation)) - now();
  }

  private static double now() {
    List<String> time = TestRedis.ask(redis -> redis.time());
    return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
  }

  private Beat beat(String incarnation) {
    List<String> keys = List.of(head + "leases", head + "store", head + "loads");
    List<String> args = List.of(incarnation, "" + LEASE, "id", "60000", "0 accepting");
    List<?> reply = (List<?>) TestRedis.<Object>ask(redis -> redis.eval(script(), keys, args));
    return new Beat(
        reply.get(1).equals(1L),
        ((List<?>) reply.get(3)).stream().map(String.class::cast).toList());
  }

  private static String script() {
    try (InputStream in = HeartbeatTest.class.getResourceAsStream("/lua/presence/heartbeat.lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
