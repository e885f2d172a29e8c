package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.StreamEntryID;

/** Coming, going and being put out, seen from two pods. */
class RoomsTest {
  private static TwoPods two;
  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods("chat.redis.command-timeout", "300ms");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void aUserJoinsWithTheFirstConnectionAndLeavesWithTheLastOfAllPods() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    TestClient one = in(two.a, "u:7;name=Ana;tickets=" + ticket, ticket);
    JsonNode joined = noor.awaitEvent("user_joined", e -> e.get("user_id").asInt() == 7);
    assertThat(joined.get("user_name").asText()).isEqualTo("Ana");
    assertThat(joined.get("is_admin").asBoolean()).isFalse();
    assertThat(joined.get("participants_count").asInt()).isEqualTo(2);

    TestClient two = in(RoomsTest.two.b, "u:7;name=Ana;tickets=" + ticket, ticket);
    assertThat(participants(noor)).containsExactlyInAnyOrder("noor", "7");
    one.close();
    two.join(ticket);
    two.say(ticket, "still here");
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).isEmpty();

    two.ok("leave_ticket_chat", Map.of("ticket_id", ticket));
    JsonNode left = noor.awaitEvent("user_left");
    assertThat(left.get("user_id").asInt()).isEqualTo(7);
    assertThat(left.get("participants_count").asInt()).isEqualTo(1);
    assertThat(noor.events("user_joined").stream().filter(e -> e.get("user_id").asInt() == 7))
        .hasSize(1);
    assertThat(participants(noor)).containsExactly("noor");
    assertThat(two.refused("get_participants", Map.of("ticket_id", ticket))
            .get("code")
            .asText())
        .isEqualTo("not_joined");
  }

  @Test
  void whoIsPutOutLeavesOnAllPodsUntilANewerToken() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    TestClient here = customer(two.a, "ana", ticket);
    TestClient there = customer(two.b, "ana", ticket);

    boolean anaWasIn =
        call(two.b, link -> two.b.pod().tickets().remove(link, "" + ticket, "ana", false));
    assertThat(anaWasIn).isTrue();

    for (TestClient ana : List.of(here, there)) {
      assertThat(ana.awaitEvent("left_ticket_chat").get("reason").asText()).isEqualTo("removed");
      assertThat(ana.refused("join_ticket_chat", Map.of("ticket_id", ticket))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
      assertThat(ana.isClosed()).isFalse();
    }
    assertThat(noor.awaitEvent("user_left").get("participants_count").asInt()).isEqualTo(1);

    long later = Instant.now().getEpochSecond() + 2;
    there.authenticate("u:ana;tickets=" + ticket + ";iat=" + later);
    assertThat(there.join(ticket).get("participants_count").asInt()).isEqualTo(2);
    noor.say(ticket, "back");
    there.awaitEvent("new_message");
    assertThat(here.events("new_message")).isEmpty();
    boolean noneWasIn =
        call(two.a, link -> two.a.pod().tickets().remove(link, "" + ticket, "none", false));
    assertThat(noneWasIn).isFalse();
  }

  @Test
  void aRemovalHeardLateIsNotForWhoCameAfterIt() {
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    TestClient stayed = customer(two.b, "ana", ticket);
    TestRedis.run(redis -> {
      String meta = two.key(ticket, "meta");
      String at = redis.hget(meta, "epoch") + " 0 " + redis.hincrBy(meta, "rev", 1);
      redis.xadd(
          two.key(ticket, "events"),
          new StreamEntryID(redis.hget(meta, "rev") + "-0"),
          Map.of("e", "1 k " + at + " " + System.currentTimeMillis() + " ana 1\n"));
    });

    TestClient came = customer(two.b, "ana", ticket);
    noor.say(ticket, "the pod notices what it has missed");

    assertThat(stayed.awaitClose().code()).isEqualTo(4403);
    came.awaitEvent("new_message");
    assertThat(came.events("left_ticket_chat")).isEmpty();
    assertThat(came.say(ticket, "here").get("seq").asInt()).isEqualTo(2);
  }

  @Test
  void whoIsKickedLosesTheConnectionsInThatRoom() {
    TestClient here = customer(two.a, "ana", ticket);
    TestClient there = customer(two.b, "ana", ticket);
    TestClient outside = two.b.connect("u:ana;tickets=" + ticket);

    call(two.a, link -> two.a.pod().tickets().remove(link, "" + ticket, "ana", true));

    assertThat(here.awaitClose().code()).isEqualTo(4403);
    assertThat(there.awaitClose().code()).isEqualTo(4403);
    assertThat(outside
            .refused("join_ticket_chat", Map.of("ticket_id", ticket))
            .get("code")
            .asText())
        .isEqualTo("forbidden");
  }

  @Test
  void aForgottenTicketBeginsAnewAndItsFollowersAreNoLonger() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    String epoch = ana.say(ticket, "old").get("epoch").asText();
    eventually("the follower", () -> ana.session().user().follows("" + ticket));

    double resets = resets();
    call(two.a, link -> two.a.pod().tickets().forget(link, "" + ticket));

    for (TestClient client : List.of(ana, noor)) {
      assertThat(client.awaitEvent("left_ticket_chat").get("reason").asText()).isEqualTo("deleted");
    }
    eventually("no follower", () -> !ana.session().user().follows("" + ticket));
    assertThat(TestRedis.<Integer>ask(
            redis -> redis.keys(two.pods.keyPrefix() + "{t:" + ticket + "}:*").size()))
        .isZero();

    JsonNode again = noor.join(ticket);
    assertThat(again.get("epoch").asText()).isNotEqualTo(epoch);
    assertThat(again.get("messages")).isEmpty();
    ana.join(ticket);
    assertThat(ana.say(ticket, "new").get("seq").asLong()).isEqualTo(1);
    // Live, or with what noor is pushed if her pod is still about to hear that the old one is gone.
    eventually(
        "the message",
        () -> Stream.concat(
                noor.events("new_message").stream(),
                noor.events("joined_ticket_chat").stream()
                    .flatMap(pushed ->
                        StreamSupport.stream(pushed.get("messages").spliterator(), false)))
            .anyMatch(message -> message.get("text").asText().equals("new")));
    assertThat(resets()).as("rooms of a store that went back").isEqualTo(resets);
  }

  private static double resets() {
    return Stream.of(two.a, two.b)
        .flatMap(pod -> pod.metrics().get("chat.relay.resets").counters().stream())
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void whoJoinsTwiceInARowIsAnsweredTwiceAndPushedNothing() {
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    TestClient ana = two.a.connect("u:ana;tickets=" + ticket);
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      asked.add(ana.ask("join_ticket_chat", Map.of("ticket_id", ticket)));
    }
    for (long ref : asked) {
      assertThat(ana.awaitReply(ref, Client.PATIENCE).get("ok").asBoolean()).isTrue();
    }
    noor.say(ticket, "fence");
    ana.awaitEvent("new_message");
    assertThat(ana.events("joined_ticket_chat")).isEmpty();
  }

  @Test
  void aTokenThatAdmitsToLessTakesSeatsAway() {
    int other = newTicket();
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    TestClient ana = in(two.a, "u:ana;tickets=" + ticket + "," + other, ticket);
    ana.join(other);

    ana.authenticate("u:ana;tickets=" + other);

    JsonNode left = ana.awaitEvent("left_ticket_chat");
    assertThat(left.get("ticket_id").asInt()).isEqualTo(ticket);
    assertThat(left.get("reason").asText()).isEqualTo("forbidden");
    noor.awaitEvent("user_left");
    assertThat(ana.say(other, "x").get("seq").asLong()).isEqualTo(1);
    for (String event : List.of("join_ticket_chat", "typing_start", "get_participants")) {
      assertThat(ana.refused(event, Map.of("ticket_id", ticket)).get("code").asText())
          .isEqualTo("forbidden");
    }
  }

  @Test
  void theRetriedLeaveOfAFailedJoinDoesNotUndoTheNextJoin() {
    TestPods.TestPod pod = two.a;
    TestClient ana = pod.connect("u:ana;tickets=" + ticket);
    TestRedis.pause();
    try {
      assertThat(ana.refused("join_ticket_chat", Map.of("ticket_id", ticket))
              .get("code")
              .asText())
          .isEqualTo("unavailable");
    } finally {
      TestRedis.resume();
    }
    eventually(
        "a join",
        () -> ana.request("join_ticket_chat", Map.of("ticket_id", ticket))
            .get("ok")
            .asBoolean());
    TestClient noor = in(two.b, "u:noor;admin", ticket);

    Awaitility.await("Ana to stay")
        .during(Duration.ofMillis(2500))
        .atMost(Duration.ofSeconds(15))
        .until(() -> noor.events("user_left").isEmpty());
    assertThat(participants(noor)).containsExactlyInAnyOrder("noor", "ana");
  }

  private List<String> participants(TestClient client) {
    JsonNode reply = client.ok("get_participants", Map.of("ticket_id", ticket));
    List<String> users = reply.get("participants").findValuesAsText("user_id");
    assertThat(reply.get("participants_count").asInt()).isEqualTo(users.size());
    return users;
  }
}
