package dev.chatgateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.TestPods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that contradict each other keep a pod from starting. */
class PodConfigTest {
  @ParameterizedTest
  @CsvSource({
    "chat.ticket.lifetime, 11h, chat.presence.renewal, 12h",
    "chat.ticket.lifetime, 23h, chat.ticket.dedupe, 24h",
    "chat.presence.lifetime, 11h, chat.presence.renewal, 12h",
    "chat.typing.shown, 900ms, chat.typing.renewal, 1s",
    "chat.redis.probe-interval, 2s, chat.redis.silence, 2s",
    "chat.redis.min-backoff, 2s, chat.redis.max-backoff, 1s",
    "chat.redis.write-interval, 60ms, chat.redis.command-timeout, 50ms",
    "chat.presence.renewal, 8d, chat.presence.lifetime, 30d",
    "chat.presence.lease, 2s, chat.presence.heartbeat, 1s"
  })
  void namesBothSettingsThatContradict(String name, String value, String other, String otherValue) {
    try (TestPods pods = new TestPods(name, value, other, otherValue)) {
      assertThatThrownBy(pods::start)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name)
          .hasMessageContaining(name.equals("chat.presence.renewal") ? "at most" : other);
    }
  }

  @org.junit.jupiter.api.Test
  void lifetimeAsLongAsWhatItHasToOutlastIsTaken() {
    try (TestPods pods =
        new TestPods("chat.ticket.lifetime", "24h", "chat.presence.renewal", "24h")) {
      pods.start();
    }
  }
}
