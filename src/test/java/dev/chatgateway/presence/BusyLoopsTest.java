package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.session.Loop;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.resps.Tuple;

/** A pod whose event loops are late, while its process is alive. */
class BusyLoopsTest {
  private static final int LEASE_MS = 1000;

  private final int ticket = newTicket();

  @Test
  void blockedLoopsKeepTheLease() {
    try (TwoPods two =
        new TwoPods("chat.presence.heartbeat", "100ms", "chat.presence.lease", LEASE_MS + "ms")) {
      TestClient ana = in(two.a, "u:ana;tickets=" + ticket, ticket);
      TestClient noor = in(two.b, "u:noor;admin", ticket);
      Set<String> members = members(two);
      double begun = nowMs();

      CountDownLatch released = block(two.a);
      try {
        eventually(
            "a lease that outlasts three of its length",
            () -> leases(two).stream().allMatch(lease -> lease.getScore() > begun + 4 * LEASE_MS));
      } finally {
        released.countDown();
      }

      ana.say(ticket, "busy for a while");
      noor.awaitEvent("new_message");
      assertThat(noor.events("user_left")).isEmpty();
      assertThat(leases(two)).hasSize(2);
      assertThat(members(two)).isEqualTo(members);
    }
  }

  /** Holds all event loops of that pod. */
  private static CountDownLatch block(TestPods.TestPod pod) {
    CountDownLatch released = new CountDownLatch(1);
    for (Loop loop : pod.pod().loops().all()) {
      loop.executor().execute(() -> {
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
    return released;
  }

  private Set<String> members(TwoPods two) {
    return Set.copyOf(TestRedis.<Map<String, String>>ask(r -> r.hgetAll(two.key(ticket, "members")))
        .keySet());
  }

  private static List<Tuple> leases(TwoPods two) {
    return TestRedis.ask(r -> r.zrangeWithScores(two.pods.keyPrefix() + "{pods}:leases", 0, -1));
  }

  private static double nowMs() {
    List<String> time = TestRedis.ask(r -> r.time());
    return Long.parseLong(time.get(0)) * 1000.0;
  }
}
