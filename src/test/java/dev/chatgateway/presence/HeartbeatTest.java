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
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a heartbeat makes of the leases it finds, by Redis's clock. */
class HeartbeatTest {
  private static final long LEASE = 8000;

  private final String head = RedisResource.newKeyPrefix() + "{pods}:";

  @AfterEach
  void removeKeys() {
    TestRedis.run(
        redis -> redis.del(head + "leases", head + "store", head + "loads", head + "addresses"));
  }

  private record Beat(boolean held, List<String> dead, List<String> late) {}

  private static Beat holds(String... late) {
    return new Beat(true, List.of(), List.of(late));
  }

  @Test
  void lateIncarnationIsToldAndNotDead() {
    lease("quiet", -10);
    lease("other", LEASE - 1000);
    assertThat(beat("own")).isEqualTo(new Beat(false, List.of(), List.of("quiet")));
    assertThat(beat("other")).isEqualTo(holds("quiet"));
  }

  @Test
  void lateIncarnationGetsItsLeaseAgain() {
    lease("quiet", -LEASE);
    lease("other", LEASE - 1000);
    assertThat(beat("quiet")).isEqualTo(holds());
    assertThat(left("quiet")).isCloseTo(LEASE, within(500.0));

    lease("quiet", -LEASE);
    assertThat(extend("quiet")).isTrue();
    assertThat(left("quiet")).isCloseTo(LEASE, within(500.0));
  }

  @Test
  void extendingTakesNoLease() {
    lease("other", LEASE - 1000);
    assertThat(extend("own")).isFalse();
    assertThat(TestRedis.<Double>ask(redis -> redis.zscore(head + "leases", "own")))
        .isNull();
  }

  @Test
  void lateIncarnationComesWithItsAddress() {
    lease("other", LEASE - 1000);
    beat("quiet", "192.0.2.7:8080");
    lease("quiet", -500);
    List<?> late = (List<?>) run("heartbeat", args("own", "")).get(5);
    assertThat(late).asList().hasSize(3).startsWith("quiet").endsWith("192.0.2.7:8080");
    assertThat((Long) late.get(1)).isBetween(500L, 5000L);
  }

  @Test
  void forgottenIncarnationLosesItsAddress() {
    beat("quiet", "192.0.2.7:8080");
    beat("own", "192.0.2.8:8080");
    TestRedis.run(redis -> redis.zrem(head + "leases", "quiet"));
    beat("own", "192.0.2.8:8080");
    assertThat(TestRedis.<Set<String>>ask(redis -> redis.hkeys(head + "addresses")))
        .containsExactly("own");
  }

  @Test
  void onlyLateIncarnationCanBeNamedDead() {
    lease("quiet", -10);
    lease("other", LEASE - 1000);
    assertThat(nameDead("other")).isFalse();
    assertThat(nameDead("nobody")).isFalse();
    assertThat(nameDead("quiet")).isTrue();
    assertThat(beat("other")).isEqualTo(new Beat(true, List.of("quiet"), List.of()));
    assertThat(extend("quiet")).isFalse();
    assertThat(beat("quiet")).isEqualTo(new Beat(false, List.of("quiet"), List.of()));
  }

  @Test
  void theTimeInWhichNobodyBeatCountsForNoLease() {
    lease("own", -60_000);
    lease("newest", -59_500);
    lease("oldest", -59_500 - LEASE + 1000);
    assertThat(beat("own")).isEqualTo(holds());
    assertThat(left("own")).isCloseTo(LEASE, within(500.0));
    assertThat(left("newest")).isCloseTo(LEASE, within(500.0));
    assertThat(left("oldest")).isCloseTo(1000, within(500.0));
  }

  /** Whichever of the two a pod gets through first. */
  @Test
  void silenceIsDiscountedByExtendingToo() {
    lease("own", -60_000);
    lease("other", -60_000);
    assertThat(extend("own")).isTrue();
    assertThat(left("other")).isCloseTo(LEASE, within(500.0));
  }

  @Test
  void thatIsSoBeforeAnyLeaseHasRunOut() {
    lease("own", 3000);
    lease("other", 2000);
    assertThat(beat("own")).isEqualTo(holds());
    assertThat(left("other")).isCloseTo(7000, within(500.0));
  }

  @Test
  void aPodThatIsNewHasNoOtherJudgedEither() {
    lease("other", -60_000);
    assertThat(beat("own")).isEqualTo(new Beat(false, List.of(), List.of()));
    assertThat(left("other")).isCloseTo(LEASE, within(500.0));
  }

  @Test
  void whoseLeaseHadRunOutBeforeIsLate() {
    lease("own", -60_000);
    lease("lapsed", -60_000 - LEASE - 1000);
    assertThat(beat("own")).isEqualTo(holds("lapsed"));
  }

  /** Also where the clock goes back, and where other pods have longer leases. */
  @Test
  void whoWasNamedDeadStaysDead() {
    lease("dead", -10);
    lease("other", LEASE - 1000);
    assertThat(nameDead("dead")).isTrue();
    assertThat(TestRedis.<Double>ask(redis -> redis.zscore(head + "leases", "dead")))
        .isZero();

    TestRedis.run(redis -> redis.zrem(head + "leases", "own", "other"));
    assertThat(beat("dead")).isEqualTo(new Beat(false, List.of("dead"), List.of()));
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
    return beat(incarnation, "");
  }

  private Beat beat(String incarnation, String address) {
    List<?> reply = run("heartbeat", args(incarnation, address));
    List<?> late = (List<?>) reply.get(5);
    return new Beat(
        reply.get(1).equals(1L),
        ((List<?>) reply.get(3)).stream().map(String.class::cast).toList(),
        late.isEmpty() ? List.of() : List.of((String) late.get(0)));
  }

  private static List<String> args(String incarnation, String address) {
    return List.of(incarnation, "" + LEASE, "id", "60000", "0 accepting", address);
  }

  private boolean extend(String incarnation) {
    return run("extend", List.of(incarnation, "" + LEASE)).get(0).equals(1L);
  }

  private boolean nameDead(String incarnation) {
    return run("name_dead", List.of(incarnation, "" + LEASE)).get(0).equals(1L);
  }

  private List<?> run(String script, List<String> args) {
    List<String> keys =
        List.of(head + "leases", head + "store", head + "loads", head + "addresses");
    Object reply = TestRedis.<Object>ask(redis -> redis.eval(text(script), keys, args));
    return reply instanceof List<?> list ? list : List.of(reply);
  }

  private static String text(String script) {
    String path = "/lua/presence/" + script + ".lua";
    try (InputStream in = HeartbeatTest.class.getResourceAsStream(path)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String include = "-- include presence/leases\n";
      return text.startsWith(include) ? text("leases") + text.substring(include.length()) : text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
