package dev.chatgateway.relay;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.Pod;
import dev.chatgateway.session.Loop;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import io.vertx.core.Future;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A room that everybody has left before the store could be told that this pod listens to it. */
class DroppedRoomTest {
  @Test
  void isNotListenedToWhenTheStoreIsBack() throws Exception {
    String ticket = Integer.toString(newTicket());
    List<String> stored = new CopyOnWriteArrayList<>();
    AtomicInteger failed = new AtomicInteger();
    try (TestPods pods = new TestPods("chat.relay.unsubscribe-delay", "0s")) {
      TestPods.TestPod pod = pods.start();
      Relay relay = relay(pod.pod());
      Loop main = pod.pod().loops().main();
      CompletableFuture<Void> wired = new CompletableFuture<>();
      main.run(() -> {
        relay.index(
            tickets -> {
              if (tickets.stream().anyMatch(relay::hears)) {
                failed.incrementAndGet();
                return Future.failedFuture("the store is out of reach");
              }
              stored.addAll(tickets);
              return Future.succeededFuture();
            },
            tickets -> Future.succeededFuture());
        wired.complete(null);
      });
      wired.get(5, TimeUnit.SECONDS);
      TestClient ana = pod.connect("u:ana;tickets=" + ticket);
      ana.ask("join_ticket_chat", Map.of("ticket_id", ticket));
      eventually("a try", () -> failed.get() > 0);
      ana.close();
      eventually("no room", () -> pod.metrics().get("chat.rooms").gauge().value() == 0);

      // Longer than a try is put off.
      Awaitility.await()
          .during(Duration.ofMillis(1500))
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(stored).isEmpty());
    }
  }

  private static Relay relay(Pod pod) throws ReflectiveOperationException {
    Field relay = Pod.class.getDeclaredField("relay");
    relay.setAccessible(true);
    return (Relay) relay.get(pod);
  }
}
