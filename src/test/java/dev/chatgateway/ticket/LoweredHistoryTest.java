package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fewer messages are kept than before: what there is of the others goes along. */
class LoweredHistoryTest {
  private final int ticket = newTicket();

  @Test
  void statusAndIdsOfTrimmedMessagesGo() {
    try (TestPods before = new TestPods("chat.ticket.history", "40");
        TestPods after = new TestPods(
            "chat.ticket.history", "10", "chat.redis.key-prefix", before.keyPrefix())) {
      TestPods.TestPod old = before.start();
      for (int i = 1; i <= 30; i++) {
        publish(old, "own" + i);
      }
      TestPods.TestPod now = after.start();
      publish(now, "own31");
      requireHeld(before, 10);
      assertThat(status(now, "own21")).isNull();
      assertThat(status(now, "own22")).isNotNull();

      // Both run side by side during an update.
      for (int i = 32; i < 40; i++) {
        publish(i % 2 == 0 ? old : now, "own" + i);
      }
      requireHeld(before, 10);

      TestClient ana = customer(now, "ana", ticket);
      for (int i = 0; i < 5; i++) {
        ana.say(ticket, "x");
      }
      requireHeld(before, 10);
      assertThat(ana.ok("get_messages", Map.of("ticket_id", ticket)).get("messages"))
          .hasSize(10);
    }
  }

  @Test
  void raisedHistoryKeepsEach() {
    try (TestPods before = new TestPods("chat.ticket.history", "10");
        TestPods after = new TestPods(
            "chat.ticket.history", "20", "chat.redis.key-prefix", before.keyPrefix())) {
      TestPods.TestPod old = before.start();
      for (int i = 1; i <= 15; i++) {
        publish(old, "own" + i);
      }
      TestPods.TestPod now = after.start();
      for (int i = 16; i <= 50; i++) {
        publish(now, "own" + i);
      }
      requireHeld(before, 20);
    }
  }

  private Status status(TestPods.TestPod pod, String id) {
    return call(pod, l -> pod.pod().marks().status(l, "" + ticket, id));
  }

  private void publish(TestPods.TestPod pod, String id) {
    Fields text = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    Messages.Author bot = new Messages.Author(id, null, "bot", "Bot", false);
    call(pod, l -> pod.pod().messages().publish(l, "" + ticket, bot, text, null));
  }

  private void requireHeld(TestPods pods, long most) {
    String key = pods.keyPrefix() + "{t:" + ticket + "}:";
    TestRedis.run(redis -> {
      long held = redis.xlen(key + "log");
      assertThat(held).isLessThanOrEqualTo(most);
      assertThat(redis.hlen(key + "status")).isEqualTo(held);
      assertThat(redis.hlen(key + "ids")).isLessThanOrEqualTo(held);
    });
  }
}
