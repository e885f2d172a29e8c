package dev.chatgateway.relay;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.mark;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** What clients hear where pub/sub or the store loses something. */
class LossTest {
  private final int ticket = newTicket();
  private final TwoPods two = new TwoPods(
      "chat.presence.heartbeat", "200ms",
      "chat.limits.messages.burst", "10000",
      "chat.limits.user-messages.burst", "10000",
      "chat.limits.frames.burst", "10000",
      "chat.limits.inbound-queue", "5000");
  private final TestClient ana = in(two.a, "u:ana;tickets=" + ticket, ticket);
  private final TestClient noor = in(two.b, "u:noor;admin", ticket);

  @AfterEach
  void stop() {
    two.close();
  }

  @Test
  void everybodyHasEverythingOnceInOrderAlthoughPubSubBreaksAgainAndAgain() {
    int total = 200;
    for (int i = 1; i <= total; i++) {
      (i % 2 == 0 ? ana : noor).say(ticket, "m" + i);
      if (i % 40 == 0) {
        killPubSub();
      }
      if (i % 10 == 0) {
        mark(i % 20 == 0 ? ana : noor, "read", ticket, i);
      }
      if (i == 130) {
        in(two.a, "u:pia;admin", ticket).close();
      }
    }
    eventually(
        "all of it",
        () -> seqs(ana, ticket).size() >= total
            && seqs(noor, ticket).size() >= total
            && count(ana, "message_status_update") >= total - 10
            && count(noor, "user_left") >= 1);

    for (Client client : List.of(ana, noor)) {
      assertThat(seqs(client, ticket)).isEqualTo(range(1, total));
      assertThat(count(client, "user_left")).isEqualTo(1);
      List<String> marked = client.events("message_status_update").stream()
          .map(update -> update.get("message_id").asText())
          .toList();
      assertThat(marked).doesNotHaveDuplicates();
    }
    eventually(
        "both to hear the same",
        () -> ana.events("message_status_update").equals(noor.events("message_status_update")));
    assertThat(ana.events("joined_ticket_chat")).isEmpty();
  }

  @Test
  void aRoomThatIsJoinedWhileThereIsNoPubSubIsCompleteToo() {
    killPubSub();
    TestClient pia = two.b.connect("u:pia;admin");
    long joining = pia.ask("join_ticket_chat", Map.of("ticket_id", ticket));
    for (int i = 0; i < 30; i++) {
      ana.say(ticket, "m" + i);
    }
    long from = pia.awaitReply(joining, Client.PATIENCE).at("/data/seq").asLong();
    ana.say(ticket, "last");
    eventually("the last", () -> seqs(pia, ticket).contains(31L));
    assertThat(seqs(pia, ticket)).isEqualTo(range(from + 1, 31));
  }

  @Test
  void whenTheStoreIsEmptiedMembersAreToldAndAreBackInTheirRooms() {
    String before = ana.say(ticket, "old").get("epoch").asText();
    TestRedis.flush();

    for (Client client : List.of(ana, noor)) {
      JsonNode joined = client.awaitEvent("joined_ticket_chat");
      assertThat(joined.get("recovered").asBoolean()).isFalse();
      assertThat(joined.get("epoch").asText()).isNotEqualTo(before);
      assertThat(joined.get("messages")).isEmpty();
    }
    eventually(
        "both in the room",
        () -> TestRedis.<Long>ask(redis -> redis.hlen(two.key(ticket, "members"))) == 2L);
    JsonNode said = ana.say(ticket, "new");
    assertThat(said.get("seq").asLong()).isEqualTo(1);
    // By itself, or with a joining that was under way.
    for (Client client : List.of(ana, noor)) {
      eventually("once and in its epoch", () -> heard(client, said.get("id")) == 1);
    }
    assertThat(noor.ok("get_participants", Map.of("ticket_id", ticket))
            .get("participants_count")
            .asInt())
        .isEqualTo(2);
  }

  /** Before any pod has noticed, as where the ticket system publishes at once. */
  @Test
  void oneLossBeginsOneEpoch() {
    ana.say(ticket, "old");
    Set<String> before = members();
    TestRedis.flush();
    TwoPods.sendUnheard(two, ticket);
    String epoch = TestRedis.ask(redis -> redis.hget(two.key(ticket, "meta"), "epoch"));
    eventually(
        "new leases after the loss",
        () -> members().size() == 2 && Collections.disjoint(members(), before));
    assertThat(
            TestRedis.<String>ask(redis -> redis.get(two.pods.keyPrefix() + "{pods}:generation")))
        .isNotNull();

    JsonNode said = ana.say(ticket, "new");
    assertThat(said.get("epoch").asText()).isEqualTo(epoch);
    for (Client client : List.of(ana, noor)) {
      eventually("once and in its epoch", () -> heard(client, said.get("id")) == 1);
      assertThat(client.events("joined_ticket_chat"))
          .isNotEmpty()
          .allSatisfy(joined -> assertThat(joined.get("epoch").asText()).isEqualTo(epoch));
    }
  }

  private Set<String> members() {
    return TestRedis.ask(redis -> redis.hkeys(two.key(ticket, "members")));
  }

  private static long heard(Client client, JsonNode id) {
    return Stream.concat(
            client.events("new_message").stream(),
            client.events("joined_ticket_chat").stream()
                .filter(joined -> joined.get("recovered").asBoolean())
                .flatMap(
                    joined -> StreamSupport.stream(joined.get("messages").spliterator(), false)))
        .filter(message -> message.get("id").equals(id))
        .count();
  }

  @Test
  void whenTheStoreWentBackANewEpochBeginsAndNobodyHangs() {
    String before = null;
    for (int i = 1; i <= 5; i++) {
      before = ana.say(ticket, "m" + i).get("epoch").asText();
    }
    eventually("all of it", () -> seqs(noor, ticket).size() == 5);
    rollBack(2);
    killPubSub();
    startedAnew(before, 3);
  }

  @Test
  void anotherMessageInTheNewestOnesPlaceIsAStoreThatWentBack() {
    String before = null;
    for (int i = 1; i <= 3; i++) {
      before = ana.say(ticket, "m" + i).get("epoch").asText();
    }
    eventually("all of it", () -> seqs(noor, ticket).size() == 3);
    TestRedis.run(redis -> {
      String log = two.key(ticket, "log");
      var entries = redis.xrange(log, "-", "+");
      redis.del(log);
      entries.forEach(entry -> {
        String head = entry.getFields().get("h");
        String other = entry.getID().getTime() == 3 ? "another-3 1700000000000 ana" : head;
        redis.xadd(log, entry.getID(), fields(other, entry.getFields().get("b")));
      });
    });
    killPubSub();
    startedAnew(before, 3);
  }

  @Test
  void anotherEventInTheNewestOnesPlaceIsAStoreThatWentBack() {
    String before = ana.say(ticket, "m1").get("epoch").asText();
    eventually("the message", () -> seqs(noor, ticket).size() == 1);
    ana.ok("typing_start", Map.of("ticket_id", ticket));
    noor.awaitEvent("user_typing");
    TestRedis.run(redis -> {
      String events = two.key(ticket, "events");
      String rev = redis.hget(two.key(ticket, "meta"), "rev");
      var entries = redis.xrange(events, "-", "+");
      redis.del(events);
      entries.forEach(entry -> {
        String envelope = entry.getFields().get("e");
        boolean newest = entry.getID().toString().equals(rev + "-0");
        redis.xadd(
            events,
            entry.getID(),
            Map.of("e", newest ? envelope.replaceFirst(" \\d{13} ", " 1700000000000 ") : envelope));
      });
    });
    killPubSub();
    startedAnew(before, 1);
  }

  @Test
  void aStoreThatWentBackAndGrewAgainUnseenIsNoticed() {
    String before = null;
    for (int i = 1; i <= 5; i++) {
      before = ana.say(ticket, "m" + i).get("epoch").asText();
    }
    eventually("all of it", () -> seqs(noor, ticket).size() == 5);
    rollBack(2);
    // Another pod, which had not heard of the lost ones, takes two more meanwhile.
    TwoPods.sendUnheard(two, ticket);
    TwoPods.sendUnheard(two, ticket);
    killPubSub();
    startedAnew(before, 5);
  }

  @Test
  void whoMissedMoreThanIsKeptIsToldWithoutBlamingTheStore() {
    String before = ana.say(ticket, "m1").get("epoch").asText();
    eventually("the message", () -> seqs(noor, ticket).size() == 1);
    for (int i = 0; i < 201; i++) {
      TwoPods.sendUnheard(two, ticket);
    }
    killPubSub();
    for (Client client : List.of(ana, noor)) {
      JsonNode joined = client.awaitEvent("joined_ticket_chat");
      assertThat(joined.get("recovered").asBoolean()).isFalse();
      assertThat(joined.get("epoch").asText()).isEqualTo(before);
      assertThat(joined.get("seq").asInt()).isEqualTo(202);
    }
    assertThat(resets("missed_too_much")).isEqualTo(2);
    assertThat(resets("store_went_back")).isZero();
  }

  private double resets(String reason) {
    return Stream.of(two.a, two.b)
        .mapToDouble(pod -> pod.metrics()
            .get("chat.relay.resets")
            .tag("reason", reason)
            .counter()
            .count())
        .sum();
  }

  private void startedAnew(String before, int seq) {
    for (Client client : List.of(ana, noor)) {
      JsonNode joined = client.awaitEvent("joined_ticket_chat");
      assertThat(joined.get("recovered").asBoolean()).isFalse();
      assertThat(joined.get("epoch").asText()).isNotEqualTo(before);
      assertThat(joined.get("seq").asInt()).isEqualTo(seq);
    }
    assertThat(resets("store_went_back")).isPositive();
    assertThat(resets("missed_too_much")).isZero();
    JsonNode said = ana.say(ticket, "after");
    assertThat(said.get("seq").asInt()).isEqualTo(seq + 1);
    for (Client client : List.of(ana, noor)) {
      client.awaitEvent(
          "new_message",
          m -> m.get("text").asText().equals("after") && m.get("epoch").equals(said.get("epoch")));
    }
  }

  private void rollBack(int messages) {
    TestRedis.run(redis -> {
      String log = two.key(ticket, "log");
      long seq = redis.hincrBy(two.key(ticket, "meta"), "seq", -messages);
      var entries = redis.xrange(log, "-", seq + "-0");
      redis.del(log);
      entries.forEach(entry -> redis.xadd(
          log,
          entry.getID(),
          fields(entry.getFields().get("h"), entry.getFields().get("b"))));
    });
  }

  // The scripts count on their order.
  private static Map<String, String> fields(String head, String body) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("h", head);
    fields.put("b", body);
    return fields;
  }

  private static void killPubSub() {
    TestRedis.run(redis -> redis.clientKill(new ClientKillParams().type(ClientType.PUBSUB)));
  }

  private static long count(Client client, String event) {
    return client.events(event).size();
  }
}
