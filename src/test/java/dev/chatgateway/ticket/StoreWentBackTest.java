package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Transaction;

/** What is left of a store that went back to an earlier state, where no message tells of it. */
class StoreWentBackTest {
  private final int ticket = newTicket();
  private final TwoPods two = new TwoPods(
      "chat.presence.heartbeat", "200ms",
      "chat.presence.lease", "2s",
      "chat.relay.unsubscribe-delay", "100ms");

  @AfterEach
  void stop() {
    two.close();
  }

  @Test
  void aStoreThatWentBackAndGrewAgainIsNotResumedFrom() {
    String epoch = publish(3);
    awaitMarks();
    Map<String, byte[]> earlier = everything();
    publish(2);
    JsonNode before = comeAndGo(two.a, null, 0);
    assertThat(before.get("seq").asLong()).isEqualTo(5);
    assertThat(before.get("epoch").asText()).isEqualTo(epoch);
    awaitMarks();

    bringBack(earlier);
    assertThat(publish(2)).isEqualTo(epoch);

    JsonNode resumed = comeAndGo(two.b, epoch, 5);
    assertThat(resumed.get("recovered").asBoolean()).isFalse();
    assertThat(resumed.get("epoch").asText()).isNotEqualTo(epoch);
    assertThat(numbers(resumed)).isEqualTo(range(1, 5));

    JsonNode again = comeAndGo(two.a, resumed.get("epoch").asText(), 4);
    assertThat(again.get("recovered").asBoolean()).isTrue();
    assertThat(numbers(again)).isEqualTo(range(5, 5));
  }

  @Test
  void aPodThatComesToAStoreThatNobodyAttendedDoesNotVouchForIt() {
    String epoch = publish(5);
    two.a.kill();
    two.b.kill();
    TestRedis.run(redis -> {
      String newest = two.pods.keyPrefix() + "{w:0}:newest";
      redis.set(newest, Long.toString(Long.parseLong(redis.get(newest)) - 70_000));
    });

    TestPods.TestPod late = two.pods.start();
    eventually("a generation", () -> TestRedis.ask(redis -> redis.get(generation())) != null);
    JsonNode resumed = comeAndGo(late, epoch, 5);
    assertThat(resumed.get("recovered").asBoolean()).isFalse();
    assertThat(resumed.get("epoch").asText()).isNotEqualTo(epoch);
  }

  @Test
  void whoResumesAfterConnectionsBrokeIsToldNothing() {
    String epoch = publish(5);
    awaitMarks();
    TestRedis.cutConnections();
    awaitMarks();
    two.pods.start();

    JsonNode resumed = comeAndGo(two.a, epoch, 3);
    assertThat(resumed.get("recovered").asBoolean()).isTrue();
    assertThat(resumed.get("epoch").asText()).isEqualTo(epoch);
    assertThat(TestRedis.<String>ask(redis -> redis.get(generation()))).isNull();
  }

  /** Before any pod has looked at the room or at its marks. */
  @Test
  void whoIsBehindWhatThePodHasToldGetsAnotherEpoch() {
    try (TestPods slow =
        new TestPods("chat.presence.heartbeat", "10s", "chat.presence.lease", "40s")) {
      String keys = slow.keyPrefix() + "{t:" + ticket + "}:";
      TestClient ana = in(slow.start(), "u:ana;tickets=" + ticket, ticket);
      String epoch = ana.say(ticket, "one").get("epoch").asText();
      Map<String, byte[]> earlier = all(keys);
      ana.say(ticket, "two");
      ana.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);

      TestRedis.run(redis -> {
        Transaction all = redis.multi();
        earlier.forEach((key, value) -> {
          all.del(key);
          all.restore(key, 100_000, value);
        });
        all.del(keys + "members");
        all.exec();
      });

      JsonNode said = ana.say(ticket, "three");
      assertThat(said.get("seq").asInt()).isEqualTo(2);
      assertThat(said.get("epoch").asText()).isNotEqualTo(epoch);
    }
  }

  private static Map<String, byte[]> all(String prefix) {
    return TestRedis.ask(redis -> {
      Map<String, byte[]> all = new HashMap<>();
      redis.keys(prefix + "*").forEach(key -> all.put(key, redis.dump(key)));
      return all;
    });
  }

  /** As in a failover: that somebody left is stored nowhere any more. */
  @Test
  void whoLeftInTheTimeThatWasLostIsNoGhost() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    TestClient ana = in(two.b, "u:ana;tickets=" + ticket, ticket);
    awaitMarks();
    Map<String, byte[]> earlier = everything();
    ana.close();
    noor.awaitEvent("user_left");
    awaitMarks();

    bringBack(earlier);
    await("nobody but noor")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> TestRedis.<Set<String>>ask(redis -> redis.hkeys(two.key(ticket, "users"))),
            Set.of("noor")::equals);
    eventually(
        "ana without connections",
        () ->
            TestRedis.<Long>ask(redis -> redis.hlen(two.pods.keyPrefix() + "{u:ana}:conns")) == 0);
    assertThat(noor.ok("get_participants", Map.of("ticket_id", ticket))
            .get("participants_count")
            .asInt())
        .isEqualTo(1);
  }

  private String generation() {
    return two.pods.keyPrefix() + "{pods}:generation";
  }

  /** Publishes as the ticket system does, which takes no seat; returns the epoch. */
  private String publish(int messages) {
    Fields text = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    for (int i = 0; i < messages; i++) {
      call(
          two.a,
          link -> two.a
              .pod()
              .messages()
              .publish(
                  link,
                  "" + ticket,
                  new Messages.Author(null, null, "bot", "Bot", false),
                  text,
                  null));
    }
    return TestRedis.ask(redis -> redis.hget(two.key(ticket, "meta"), "epoch"));
  }

  private JsonNode comeAndGo(TestPods.TestPod pod, String epoch, long seq) {
    String token = "u:ana;tickets=" + ticket;
    TestClient client = epoch == null ? in(pod, token, ticket) : pod.connect(token);
    Map<String, Object> data = new HashMap<>(Map.of("ticket_id", ticket));
    if (epoch != null) {
      data.put("epoch", epoch);
      data.put("last_seq", seq);
    }
    JsonNode joined = client.ok("join_ticket_chat", data);
    client.close();
    String channel = two.pods.keyPrefix() + "{t:" + ticket + "}";
    eventually(
        "a room that no pod hears",
        () -> TestRedis.<Boolean>ask(redis ->
            redis.pubsubNumSub(channel).get(channel) == 0 && shardSubscribers(channel) == 0));
    return joined;
  }

  private static long shardSubscribers(String channel) {
    return TestRedis.ask(redis -> redis.info("server").contains("redis_version:6")
        ? 0L
        : redis.pubsubShardNumSub(channel).get(channel));
  }

  /** Waits until each pod has left another mark. */
  private void awaitMarks() {
    Map<String, Long> before = marks();
    eventually("marks", () -> {
      Map<String, Long> now = marks();
      return now.size() == 2
          && before.entrySet().stream().allMatch(mark -> now.get(mark.getKey()) > mark.getValue());
    });
  }

  private Map<String, Long> marks() {
    return TestRedis.ask(redis -> {
      Map<String, Long> marks = new HashMap<>();
      for (String key : redis.keys(two.pods.keyPrefix() + "{w:0}:*")) {
        if (!key.endsWith(":newest")) {
          marks.put(key, Long.parseLong(redis.get(key)));
        }
      }
      return marks;
    });
  }

  private Map<String, byte[]> everything() {
    return all(two.pods.keyPrefix());
  }

  /** What a restart from a snapshot does, but for its taking a while. */
  private void bringBack(Map<String, byte[]> earlier) {
    TestRedis.run(redis -> {
      Set<String> now = redis.keys(two.pods.keyPrefix() + "*");
      Transaction all = redis.multi();
      now.forEach(all::del);
      earlier.forEach((key, value) -> all.restore(key, 100_000, value));
      all.exec();
    });
    TestRedis.cutConnections();
    eventually("a pod that is back", () -> TestRedis.ask(redis -> redis.get(generation())) != null);
  }

  private static List<Long> numbers(JsonNode joined) {
    List<Long> seqs = new ArrayList<>();
    joined.get("messages").forEach(message -> seqs.add(message.get("seq").asLong()));
    return seqs;
  }
}
