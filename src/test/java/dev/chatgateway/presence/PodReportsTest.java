package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What pods say of themselves reaches the others, as long as they live. */
class PodReportsTest {
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestPods pods =
      new TestPods("chat.presence.heartbeat", "100ms", "chat.presence.lease", "1s");

  @AfterEach
  void end() {
    TestRedis.resume();
    pods.close();
  }

  private TestPods.TestPod saying(String report) {
    TestPods.TestPod pod = pods.start();
    pod.pod().reports().publish(() -> report);
    return pod;
  }

  private static Future<List<Optional<String>>> ask(TestPods.TestPod pod) {
    Promise<List<Optional<String>>> promise = Promise.promise();
    pod.pod().loops().main().run(() -> pod.pod().reports().all().onComplete(promise));
    return promise.future();
  }

  private static List<Optional<String>> heardBy(TestPods.TestPod pod) {
    try {
      return ask(pod).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitHeard(TestPods.TestPod by, String... reports) {
    List<Optional<String>> expected =
        List.of(reports).stream().map(Optional::of).toList();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(heardBy(by)).containsExactlyInAnyOrderElementsOf(expected));
  }

  @Test
  void eachHearsAll() {
    TestPods.TestPod a = saying("of a");
    TestPods.TestPod b = saying("of b, ä");
    awaitHeard(a, "of a", "of b, ä");
    awaitHeard(b, "of a", "of b, ä");
  }

  @Test
  void aDeadPodIsHeardNoMoreOnceItsLeaseIsOver() {
    TestPods.TestPod a = saying("of a");
    TestPods.TestPod b = saying("of b");
    awaitHeard(a, "of a", "of b");
    b.kill();
    awaitHeard(a, "of a");
  }

  @Test
  void aPodThatSaysNothingIsCountedAllTheSame() {
    TestPods.TestPod a = saying("of a");
    pods.start();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(heardBy(a))
            .containsExactlyInAnyOrder(Optional.of("of a"), Optional.empty()));
  }

  @Test
  void whatStrangersPutThereIsOfNoConsequence() {
    TestPods.TestPod a = saying("of a");
    awaitHeard(a, "of a");
    String head = pods.keyPrefix();
    TestRedis.run(redis -> {
      double later = System.currentTimeMillis() + 60_000.0;
      redis.zadd(head + "{pods}:leases", later, "00000001");
      redis.lpush(head + "{i:00000001}:report", "a list");
      redis.zadd(head + "{pods}:leases", later, "00000002");
      redis.set(head + "{i:00000002}:report", "x".repeat(20_000_000));
      redis.zadd(head + "{pods}:leases", later, "00000003");
      redis.set(head + "{i:00000003}:report", "x".repeat(PodReports.MAX_BYTES));
      redis.zadd(head + "{pods}:leases", later, "}:{../../etc");
      redis.zadd(head + "{pods}:leases", later, "x".repeat(100_000));
    });
    assertThat(heardBy(a))
        .containsExactlyInAnyOrder(
            Optional.of("of a"),
            Optional.empty(),
            Optional.empty(),
            Optional.of("x".repeat(PodReports.MAX_BYTES)));
  }

  @Test
  void withoutRedisThereIsNothingToBeHeard() {
    TestPods.TestPod a = saying("of a");
    awaitHeard(a, "of a");
    TestRedis.pause();
    await().atMost(PATIENCE).until(() -> a.pod().health().isDegraded());
    Future<?> asked = ask(a);
    await().atMost(PATIENCE).until(asked::isComplete);
    assertThat(asked.failed()).isTrue();
    TestRedis.resume();
    awaitHeard(a, "of a");
  }

  @Test
  void aReportEndsByItself() {
    TestPods.TestPod a = saying("of a");
    awaitHeard(a, "of a");
    List<String> keys =
        List.copyOf(TestRedis.ask(redis -> redis.keys(pods.keyPrefix() + "{i:*}:report")));
    assertThat(keys).hasSize(1);
    assertThat(TestRedis.<Long>ask(redis -> redis.pttl(keys.get(0))))
        .isBetween(0L, LEASE.toMillis());
  }
}
