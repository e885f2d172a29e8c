package dev.chatgateway.ops;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.LogLines;
import dev.chatgateway.testing.RedisProgram;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Redis that answers and refuses what the gateway needs is as good as none, and is said to be. */
class StoreRefusesTest {
  private final int ticket = newTicket();

  static Stream<RedisProgram> programs() {
    return Stream.of(RedisProgram.embedded(), RedisProgram.installed()).distinct();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void fullRedisIsSaidToRefuseAndCanBeFreed(RedisProgram program) {
    try (LogLines log = LogLines.warnings();
        RedisServer redis = RedisServer.start(new RedisSetup().program(program));
        TestPods pods = new TestPods("chat.redis.key-prefix", "chat:")) {
      TestPods.TestPod pod = pods.start(redis.uri());
      TestClient ana = in(pod, "u:ana;tickets=" + ticket, ticket);
      ana.ok("send_message", Map.of("ticket_id", ticket, "text", "x", "client_id", "c"));
      assertThat(reachable(pod)).isEqualTo(1);

      redis.configSet("maxmemory", "1");
      requireRefusal(pod, ana, log, "OOM");
      JsonNode refused = ana.refused("send_message", Map.of("ticket_id", ticket, "text", "y"));
      assertThat(refused.get("code").asText()).isEqualTo("unavailable");

      call(pod, l -> pod.pod().tickets().forget(l, "" + ticket));
      ana.awaitEvent("left_ticket_chat");
      assertThat(keysOfTicket(redis)).isEmpty();

      redis.configSet("maxmemory", "0");
      requireRestored(pod, ana);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void redisThatBecomesAReplicaIsSaidToRefuse(RedisProgram program) {
    try (LogLines log = LogLines.warnings();
        RedisServer redis = RedisServer.start(new RedisSetup().program(program));
        TestPods pods = new TestPods("chat.redis.key-prefix", "chat:")) {
      TestPods.TestPod pod = pods.start(redis.uri());
      TestClient ana = pod.connect("u:ana;tickets=" + ticket);
      redis.run(admin -> admin.replicaof("127.0.0.1", 1));
      requireRefusal(pod, ana, log, "READONLY");
      redis.run(admin -> admin.replicaofNoOne());
      requireRestored(pod, ana);
    }
  }

  @Test
  void redisWithoutTheReplicasItWantsIsSaidToRefuse() {
    try (LogLines log = LogLines.warnings();
        RedisServer redis = RedisServer.start(new RedisSetup());
        TestPods pods = new TestPods("chat.redis.key-prefix", "chat:")) {
      TestPods.TestPod pod = pods.start(redis.uri());
      TestClient ana = pod.connect("u:ana;tickets=" + ticket);
      redis.configSet("min-replicas-to-write", "1");
      requireRefusal(pod, ana, log, "NOREPLICAS");
      redis.configSet("min-replicas-to-write", "0");
      requireRestored(pod, ana);
    }
  }

  @Test
  void redisThatCannotSaveIsSaidToRefuse() {
    try (LogLines log = LogLines.warnings();
        RedisServer redis = RedisServer.start(withFolders());
        TestPods pods = new TestPods("chat.redis.key-prefix", "chat:")) {
      TestPods.TestPod pod = pods.start(redis.uri());
      TestClient ana = pod.connect("u:ana;tickets=" + ticket);
      String folder = redis.ask(admin -> admin.configGet("dir").get("dir"));
      redis.configSet("dir", "/proc"); // where nobody can make a file
      redis.configSet("save", "3600 1");
      redis.run(admin -> admin.bgsave());
      requireRefusal(pod, ana, log, "MISCONF");
      redis.configSet("dir", folder);
      redis.configSet("stop-writes-on-bgsave-error", "no");
      requireRestored(pod, ana);
    }
  }

  @Test
  void podThatStartsWithAReplicaSaysSo() {
    try (LogLines log = LogLines.warnings();
        RedisServer redis = RedisServer.start(new RedisSetup());
        TestPods pods = new TestPods("chat.redis.key-prefix", "chat:")) {
      redis.run(admin -> admin.replicaof("127.0.0.1", 1));
      TestPods.TestPod pod = pods.launch(redis.uri());
      eventually("its word in the log", () -> !log.with("READONLY").isEmpty());
      assertThat(pod.pod().health().isStarted()).isFalse();
      redis.run(admin -> admin.replicaofNoOne());
      eventually("a start", () -> pod.pod().health().isStarted());
    }
  }

  @Test
  void podThatRedisDoesNotKnowSaysSo() {
    try (LogLines log = LogLines.warnings();
        RedisServer redis = RedisServer.start(new RedisSetup());
        TestPods pods = new TestPods("chat.redis.key-prefix", "chat:")) {
      TestPods.TestPod nobody = pods.launch("redis://127.0.0.1:" + redis.port());
      TestPods.TestPod wrong = pods.launch("redis://gateway:S3cret@127.0.0.1:" + redis.port());
      eventually("its word in the log", () -> !log.with("NOAUTH").isEmpty());
      eventually("its word in the log", () -> !log.with("WRONGPASS").isEmpty());
      assertThat(log.with("S3cret")).isEmpty();
      for (TestPods.TestPod pod : List.of(nobody, wrong)) {
        assertThat(pod.pod().health().isStarted()).isFalse();
        assertThat(reachable(pod)).isZero();
      }
    }
  }

  /** Redis 7 lets nobody change its folder, unless it is told to. */
  private static RedisSetup withFolders() {
    return RedisProgram.installed().isSeven()
        ? new RedisSetup().config("enable-protected-configs", "yes")
        : new RedisSetup();
  }

  private void requireRefusal(TestPods.TestPod pod, TestClient client, LogLines log, String word) {
    JsonNode degraded = client.awaitEvent("degraded");
    assertThat(degraded.get("reason").asText())
        .isIn("store_refuses_writes", word.equals("READONLY") ? "store_unreachable" : "");
    eventually("its word in the log", () -> !log.with(word).isEmpty());
    eventually("its word", () -> pod.pod().health().refusedWith().equals(word));
    assertThat(reachable(pod)).isZero();
    assertThat(log.with(word)).hasSize(1);
  }

  private void requireRestored(TestPods.TestPod pod, TestClient client) {
    client.awaitEvent("restored");
    assertThat(pod.pod().health().refusedWith()).isEmpty();
    assertThat(reachable(pod)).isEqualTo(1);
  }

  private static double reachable(TestPods.TestPod pod) {
    return pod.metrics().get("chat.store.reachable").gauge().value();
  }

  private Set<String> keysOfTicket(RedisServer redis) {
    return redis.ask(admin -> admin.keys("chat:{t:" + ticket + "}:*"));
  }
}
