package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.TestPods;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Overviews as they are asked for. */
class OverviewsTest {
  private final TestPods pods = new TestPods("chat.presence.heartbeat", "100ms");
  private final TestPods.TestPod a = pods.start();
  private final Overviews overviews = new Overviews(a.pod(), own(a, "1.0"));

  @AfterEach
  void end() {
    pods.close();
  }

  private static OwnReport own(TestPods.TestPod pod, String version) {
    OwnReport own = new OwnReport(pod.pod(), version, new PodFigures(pod.metrics(), 100));
    pod.pod().reports().publish(() -> own.renew().json());
    return own;
  }

  private static Overview get(Future<Overview> asked) throws Exception {
    return asked.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void areSharedByAllWhoAskAtOnce() throws Exception {
    List<Future<Overview>> asked =
        IntStream.range(0, 50).mapToObj(i -> overviews.now()).toList();
    Overview first = get(asked.get(0));
    for (Future<Overview> one : asked) {
      assertThat(get(one)).isSameAs(first);
    }
  }

  @Test
  void areMadeAnewForWhoAsksLater() {
    TestPods.TestPod b = pods.start();
    own(b, "1.1");
    await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
      Overview overview = get(overviews.now());
      assertThat(overview.asked().pod()).isEqualTo(a.pod().id());
      assertThat(overview.others())
          .extracting(PodReport::pod, PodReport::version)
          .containsExactly(tuple(b.pod().id(), "1.1"));
      assertThat(overview.unreadable()).isZero();
    });
  }

  @Test
  void tellWhatEachPodHas() {
    TestPods.TestPod b = pods.start();
    own(b, "1.0");
    b.connect("u:ana;tickets=1");
    await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
      PodReport ofB = get(overviews.now()).others().get(0);
      assertThat(ofB.figures()).containsEntry(Figure.CONNECTIONS, 1.0);
      assertThat(ofB.figures()).containsEntry(Figure.USERS, 1.0);
    });
  }
}
