package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of whom a pod says that it has stored something, for whoever sweeps after it. */
class UserIndexTest {
  private final TestPods pods =
      new TestPods("chat.presence.lease", "400ms", "chat.presence.heartbeat", "100ms");
  private final TestPods.TestPod pod = pods.start();

  @AfterEach
  void stop() {
    pods.close();
  }

  private Set<String> indexed() {
    return TestRedis.ask(redis -> {
      Set<String> all = new HashSet<>();
      redis.keys(pods.keyPrefix() + "{i:*}:users").forEach(key -> all.addAll(redis.smembers(key)));
      return all;
    });
  }

  @Test
  void whoHasLeftIsTakenOutAfterAWhile() {
    pod.connect("u:stays");
    List<TestClient> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(pod.connect("u:other" + i));
    }
    assertThat(indexed()).hasSize(51);

    others.forEach(TestClient::close);

    eventually("those who have left", () -> indexed().equals(Set.of("stays")));
  }

  @Test
  void whoHasAnotherConnectionOrComesBackStays() {
    TestClient one = pod.connect("u:twice");
    pod.connect("u:twice");
    TestClient first = pod.connect("u:back");
    TestClient later = pod.connect("u:gone");
    one.close();
    first.close();
    pod.connect("u:back");
    later.close();

    eventually("who has left last", () -> !indexed().contains("gone"));

    assertThat(indexed()).containsExactlyInAnyOrder("twice", "back");
  }

  @Test
  void whoComesBackJustAsTheyAreTakenOutIsInAgain() {
    for (int i = 0; i < 3; i++) {
      pod.connect("u:often").close();
      eventually("who has left", () -> !indexed().contains("often"));
      TestClient back = pod.connect("u:often");
      assertThat(indexed()).contains("often");
      back.close();
    }
  }
}
