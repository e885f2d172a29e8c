package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.SetParams;

/** One pod at a time looks after an incarnation that is late or dead. */
class SweepTurnsTest {
  private final int ticket = newTicket();

  @Test
  void othersStandByUntilTheTurnIsOver() {
    try (TestPods pods =
        new TestPods("chat.presence.heartbeat", "100ms", "chat.presence.lease", "1s")) {
      TestPods.TestPod doomed = pods.start();
      in(doomed, "u:ana;tickets=" + ticket, ticket);
      TestClient noor = in(pods.start(), "u:noor;admin", ticket);
      String leases = pods.keyPrefix() + "{pods}:leases";
      String incarnation = incarnationOf(pods, "ana");
      String turn = pods.keyPrefix() + "{i:" + incarnation + "}:sweeper";
      TestRedis.run(r -> r.set(turn, "slowpods", new SetParams().px(60_000)));

      doomed.kill();
      eventually(
          "a lease that is over for good",
          () -> TestRedis.<Double>ask(r -> r.zscore(leases, incarnation)) < nowMs() - 4000);
      assertThat(noor.events("user_left")).isEmpty();

      TestRedis.run(r -> r.del(turn));
      noor.awaitEvent("user_left");
      eventually(
          "nothing to be known any more",
          () -> TestRedis.<Double>ask(r -> r.zscore(leases, incarnation)) == null);
      assertThat(noor.events("user_left")).hasSize(1);
    }
  }

  private String incarnationOf(TestPods pods, String user) {
    Map<String, String> members =
        TestRedis.ask(r -> r.hgetAll(pods.keyPrefix() + "{t:" + ticket + "}:members"));
    return members.entrySet().stream()
        .filter(member -> member.getValue().equals(user))
        .map(member -> member.getKey().split("\\.")[0])
        .findFirst()
        .orElseThrow();
  }

  private static double nowMs() {
    List<String> time = TestRedis.ask(r -> r.time());
    return Long.parseLong(time.get(0)) * 1000.0;
  }
}
