package dev.chatgateway.relay;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.RedisProgram;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two gateways with the same prefix, in two databases of one Redis. */
class DatabasesTest {
  private static final byte[] NOTICE = "{\"of\":1}".getBytes(StandardCharsets.UTF_8);

  private final int ticket = newTicket();

  static Stream<RedisProgram> programs() {
    return Stream.of(RedisProgram.embedded(), RedisProgram.installed()).distinct();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void nothingOfOneIsHeardInTheOther(RedisProgram program) {
    try (RedisServer redis = RedisServer.start(new RedisSetup().program(program));
        TestPods zero = new TestPods("chat.redis.key-prefix", "chat:");
        TestPods one = new TestPods("chat.redis.key-prefix", "chat:")) {
      TestPods.TestPod zeroA = zero.start(redis.uri());
      TestPods.TestPod zeroB = zero.start(redis.uri() + "/0");
      TestPods.TestPod oneA = one.start(redis.uri() + "/1");
      TestPods.TestPod oneB = one.start(redis.uri() + "?db=1");

      TestClient ana0 = in(zeroA, "u:ana;tickets=" + ticket, ticket);
      TestClient noor0 = in(zeroB, "u:noor;admin", ticket);
      TestClient staff0 = zeroB.connect("u:olga;admin");
      TestClient ana1 = in(oneA, "u:ana;tickets=" + ticket, ticket);
      TestClient noor1 = in(oneB, "u:noor;admin", ticket);
      TestClient staff1 = oneB.connect("u:olga;admin");

      // First in the one, then in the other: what is heard of the first would come before.
      everything(oneA, ana1, "one");
      heard(noor1, "one");
      everything(zeroA, ana0, "zero");
      heard(noor0, "zero");
      everything(oneA, ana1, "two");
      heard(noor1, "two");

      for (Client member : List.of(ana0, noor0)) {
        assertThat(texts(member, "new_message", "text")).containsExactly("zero");
        assertThat(member.events("ticket_update")).hasSize(1);
      }
      assertThat(starts(noor0)).isEqualTo(1);
      assertThat(starts(noor1)).isEqualTo(2);
      for (Client member : List.of(ana1, noor1)) {
        assertThat(texts(member, "new_message", "text")).containsExactly("one", "two");
        assertThat(member.events("ticket_update")).hasSize(2);
      }
      assertThat(texts(staff0, "ticket_message_notification", "preview")).containsExactly("zero");
      assertThat(texts(staff1, "ticket_message_notification", "preview"))
          .containsExactly("one", "two");
      assertThat(staff0.events("shift_over")).hasSize(1);
      assertThat(staff1.events("shift_over")).hasSize(2);
      assertThat(ana0.events("hello")).hasSize(1);
      assertThat(ana1.events("hello")).hasSize(2);
    }
  }

  private void everything(TestPods.TestPod pod, TestClient ana, String text) {
    ana.ok("typing_start", Map.of("ticket_id", ticket));
    ana.say(ticket, text);
    call(pod, l -> pod.pod().tickets().update(l, "" + ticket, NOTICE));
    call(pod, l -> pod.pod().users().event(l, "ana", "hello", NOTICE));
    call(pod, l -> pod.pod().adminEvents().send(l, "shift_over", NOTICE));
  }

  /** Hears the last of it that comes by each kind of channel. */
  private void heard(TestClient noor, String text) {
    noor.awaitEvent("new_message", m -> m.get("text").asText().equals(text));
    int times = text.equals("two") ? 2 : 1;
    await()
        .until(() -> noor.events("shift_over").size() >= times
            && noor.events("ticket_update").size() >= times);
  }

  private static long starts(Client client) {
    return client.events("user_typing").stream()
        .filter(typing -> typing.get("is_typing").asBoolean())
        .count();
  }

  private static List<String> texts(Client client, String event, String field) {
    return client.events(event).stream()
        .map((JsonNode e) -> e.get(field).asText())
        .toList();
  }
}
