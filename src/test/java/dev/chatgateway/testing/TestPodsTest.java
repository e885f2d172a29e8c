package dev.chatgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pods put together by hand, in one JVM. */
class TestPodsTest {
  @Test
  void aMessageCrossesFromPodToPod() {
    try (TestPods pods = new TestPods()) {
      TestClient ana = pods.start().connect("u:7;name=Ana;tickets=101");
      TestClient noor = pods.start().connect("u:noor;admin");
      ana.join(101);
      noor.join(101);

      var accepted = ana.say(101, "Hello");
      var message = noor.awaitEvent("new_message");

      assertThat(message.get("id")).isEqualTo(accepted.get("id"));
      assertThat(message.get("user_id").asInt()).isEqualTo(7);
    }
  }

  @Test
  void redisGoesAndComesBack() {
    try (TestPods pods = new TestPods()) {
      TestClient ana = pods.start().connect("u:7;tickets=101");
      ana.join(101);

      TestRedis.pause();
      try {
        ana.awaitEvent("degraded");
      } finally {
        TestRedis.resume();
      }
      ana.awaitEvent("restored");

      TestRedis.kill();
      try {
        ana.awaitEvent("degraded");
      } finally {
        TestRedis.start();
      }
      ana.awaitEvent("restored");
      ana.join(101);
    }
  }
}
