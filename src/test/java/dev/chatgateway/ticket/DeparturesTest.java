package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Users whose connection was sent away: back in time, late, or not at all. */
class DeparturesTest {
  private static final String LONG = "30s";

  private final int ticket = newTicket();

  @Test
  void whoIsBackInTimeNeverLeft() {
    try (TwoPods two = pods(LONG)) {
      TestClient noor = agent(two.b);
      TestClient ana = customer(two.a, "ana", ticket);
      noor.awaitEvent("user_joined");

      two.a.stop();

      assertThat(ana.awaitClose().code()).isEqualTo(1012);
      assertThat(ana.events("reconnect")).hasSize(1);
      assertThat(participants(noor)).isEqualTo(2);
      TestClient back = customer(two.b, "ana", ticket);
      assertThat(places(two.b, "back")).isEqualTo(1);
      assertThat(members(two)).isEqualTo(2);
      awaitSwept(two, 1);
      hearsNoMoreThanTheFirstJoin(noor, back);

      back.close();
      assertThat(noor.awaitEvent("user_left").get("participants_count").asInt()).isEqualTo(1);
    }
  }

  @Test
  void whoDoesNotComeBackLeavesOnceAfterTheirTimeThoughThePodIsLongGone() {
    try (TwoPods two = pods("3s")) {
      TestClient noor = agent(two.b);
      two.pods.start();
      TestClient ana = customer(two.a, "ana", ticket);
      noor.awaitEvent("user_joined");

      two.a.stop();

      ana.awaitClose();
      long away = System.nanoTime();
      assertThat(noor.awaitEvent("user_left").get("user_id").asText()).isEqualTo("ana");
      assertThat(Duration.ofNanos(System.nanoTime() - away)).isGreaterThan(Duration.ofMillis(2500));
      awaitSwept(two, 2);
      noor.say(ticket, "fence");
      noor.awaitEvent("new_message");
      assertThat(noor.events("user_left")).hasSize(1);
      assertThat(participants(noor)).isEqualTo(1);
    }
  }

  @Test
  void aPodThatIsKilledWhileTheyAreAwayChangesNothing() {
    try (TwoPods two = pods("3s")) {
      TestClient noor = agent(two.b);
      TestClient ana = customer(two.a, "ana", ticket);
      TestClient pia = customer(two.a, "pia", ticket);
      List.of(ana, pia).forEach(DeparturesTest::sendAway);
      eventually("two places kept", () -> kept(two) == 2);

      two.a.kill();

      TestClient back = customer(two.b, "ana", ticket);
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("pia"));
      awaitSwept(two, 1);
      back.say(ticket, "fence");
      noor.awaitEvent("new_message");
      assertThat(noor.events("user_left")).hasSize(1);
      assertThat(noor.events("user_joined")).hasSize(2);
      assertThat(members(two)).isEqualTo(2);
    }
  }

  /** The pod has left the room by then, and must be swept in it all the same. */
  @Test
  void aPodThatIsKilledWhenItHearsTheRoomNoMoreIsSweptThereToo() {
    try (TwoPods two = pods("4s", "chat.relay.unsubscribe-delay", "0s")) {
      TestClient noor = agent(two.b);
      sendAway(customer(two.a, "ana", ticket));
      eventually("no room", () -> two.a.metrics().get("chat.rooms").gauge().value() == 0);
      assertThat(kept(two)).isEqualTo(1);

      two.a.kill();

      noor.awaitEvent("user_left");
      awaitSwept(two, 1);
      assertThat(members(two)).isEqualTo(1);
    }
  }

  @Test
  void aPodThatGoesOnTakesThemOutByItself() {
    try (TwoPods two = pods("1500ms", "chat.relay.unsubscribe-delay", "0s")) {
      TestClient noor = agent(two.b);
      TestClient ana = customer(two.a, "ana", ticket);
      noor.awaitEvent("user_joined");
      sendAway(ana);

      noor.awaitEvent("user_left");
      eventually("it is counted", () -> places(two.a, "left") == 1);
      eventually("an index without the ticket", () -> indexed(two) == 1);
      assertThat(noor.events("user_left")).hasSize(1);
    }
  }

  @Test
  void theTypingOfWhoIsSentAwayEndsAtOnce() {
    try (TwoPods two = pods(LONG)) {
      TestClient noor = agent(two.b);
      TestClient ana = customer(two.a, "ana", ticket);
      ana.ok("typing_start", Map.of("ticket_id", ticket));
      noor.awaitEvent("user_typing", e -> e.get("is_typing").asBoolean());

      two.a.stop();

      noor.awaitEvent("user_typing", e -> !e.get("is_typing").asBoolean());
      assertThat(noor.events("user_left")).isEmpty();
    }
  }

  @Test
  void oneOfTwoConnectionsMayEndWhileTheOtherIsAway() {
    try (TwoPods two = pods(LONG)) {
      TestClient noor = agent(two.b);
      TestClient other = customer(two.b, "ana", ticket);
      customer(two.a, "ana", ticket);
      noor.awaitEvent("user_joined");
      two.a.stop();

      other.close();
      eventually("one connection less", () -> members(two) == 2);
      TestClient back = customer(two.b, "ana", ticket);

      hearsNoMoreThanTheFirstJoin(noor, back);
      back.close();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void ofTwoConnectionsThatAreAwayOneMayComeBackAlone() {
    try (TwoPods two = pods("2s")) {
      TestClient noor = agent(two.b);
      customer(two.a, "ana", ticket);
      customer(two.a, "ana", ticket);
      noor.awaitEvent("user_joined");
      two.a.stop();

      TestClient back = customer(two.b, "ana", ticket);
      awaitSwept(two, 1);

      assertThat(members(two)).isEqualTo(2);
      hearsNoMoreThanTheFirstJoin(noor, back);
      back.close();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void whoIsExpectedBackCountsAsConnectedForAsLong() {
    try (TwoPods two = pods("2s")) {
      in(two.a, "u:ana;tickets=" + ticket, ticket);

      two.a.stop();

      assertThat(connections(two)).isEqualTo(1);
      eventually("Ana to be gone", () -> connections(two) == 0);
      assertThat(call(two.b, link -> two.b.pod().users().presence(link, "ana")).lastSeenMs())
          .isPositive();
    }
  }

  @Test
  void whatTheirOtherConnectionDoesMeanwhileChangesNothing() {
    try (TwoPods two = pods(LONG)) {
      customer(two.a, "ana", ticket);
      TestClient other = customer(two.b, "ana", ticket);
      two.a.stop();

      other.authenticate("u:ana;tickets=" + ticket);
      other.close();

      eventually("a place kept, and no other", () -> members(two) == 1);
      eventually(
          "no connection",
          () -> !TestRedis.<Boolean>ask(
              redis -> redis.exists(two.pods.keyPrefix() + "{u:ana}:conns")));
      assertThat(connections(two)).isEqualTo(1);
    }
  }

  @Test
  void whoIsPutOutOfTheTicketMeanwhileLeavesAtOnce() {
    try (TwoPods two = pods(LONG)) {
      TestClient noor = agent(two.b);
      customer(two.a, "ana", ticket);
      two.a.stop();

      boolean wasIn =
          call(two.b, link -> two.b.pod().tickets().remove(link, "" + ticket, "ana", false));

      assertThat(wasIn).isTrue();
      assertThat(noor.awaitEvent("user_left").get("user_id").asText()).isEqualTo("ana");
      TestClient back = two.b.connect("u:ana;iat=1;tickets=" + ticket);
      assertThat(back.refused("join_ticket_chat", Map.of("ticket_id", ticket))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
    }
  }

  @Test
  void whoseTokensAreRevokedMeanwhileIsNoLongerConnectedAndLeavesInTime() {
    try (TwoPods two = pods("2s")) {
      TestClient noor = agent(two.b);
      customer(two.a, "ana", ticket);
      two.a.stop();

      call(two.b, link -> two.b.pod().users().close(link, "ana", -1));

      assertThat(connections(two)).isZero();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void aTicketThatIsForgottenMeanwhileIsNotBroughtBack() {
    try (TwoPods two = pods("1s")) {
      sendAway(customer(two.a, "ana", ticket));
      eventually("a place kept", () -> kept(two) == 1);

      call(two.b, link -> two.b.pod().tickets().forget(link, "" + ticket));

      eventually("the end of her time", () -> indexed(two) == 0);
      assertThat(TestRedis.<Boolean>ask(r -> r.exists(two.key(ticket, "members"))))
          .isFalse();
    }
  }

  @Test
  void whoLeavesByThemselvesLeavesAtOnceThoughAskedToGo() {
    try (TwoPods two = pods(LONG)) {
      TestClient noor = agent(two.b);
      TestClient ana = customer(two.a, "ana", ticket);
      TestClient pia = customer(two.a, "pia", ticket);
      List.of(ana, pia)
          .forEach(client ->
              client.session().loop().run(() -> client.session().sendAway("rebalance", 60_000)));
      assertThat(ana.awaitEvent("reconnect").get("delay_ms").asInt()).isEqualTo(60_000);
      pia.awaitEvent("reconnect");

      ana.ok("leave_ticket_chat", Map.of("ticket_id", ticket));
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("ana"));
      pia.authenticate("u:pia;tickets=0");
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("pia"));
      assertThat(ana.isClosed()).isFalse();
    }
  }

  @Test
  void whoClosesByThemselvesLeavesAtOnce() {
    try (TwoPods two = pods(LONG)) {
      TestClient noor = agent(two.b);
      customer(two.a, "ana", ticket).close();
      noor.awaitEvent("user_left");
      assertThat(kept(two)).isZero();
    }
  }

  @Test
  void whereThereIsNoGraceTheyLeaveAtOnce() {
    try (TwoPods two = pods("0s")) {
      TestClient noor = agent(two.b);
      customer(two.a, "ana", ticket);
      two.a.stop();
      noor.awaitEvent("user_left");
      assertThat(connections(two)).isZero();
    }
  }

  private static TwoPods pods(String grace, String... more) {
    String[] settings = new String[more.length + 6];
    List.of(
            "chat.presence.grace",
            grace,
            "chat.presence.heartbeat",
            "100ms",
            "chat.presence.lease",
            "1s")
        .toArray(settings);
    System.arraycopy(more, 0, settings, 6, more.length);
    return new TwoPods(settings);
  }

  private TestClient agent(TestPods.TestPod pod) {
    return in(pod, "u:noor;admin", ticket);
  }

  private static void sendAway(TestClient client) {
    client.session().loop().run(() -> client.session().sendAway("rebalance", 0));
    assertThat(client.awaitClose().code()).isEqualTo(1012);
  }

  private void hearsNoMoreThanTheFirstJoin(TestClient noor, TestClient speaker) {
    speaker.say(ticket, "fence");
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).isEmpty();
    assertThat(noor.events("user_joined")).hasSize(1);
  }

  /** Waits until so many pods are left, and what the others had has been swept. */
  private static void awaitSwept(TwoPods two, int left) {
    eventually(
        "the leases of the living",
        () -> TestRedis.<Long>ask(r -> r.zcard(two.pods.keyPrefix() + "{pods}:leases")) == left);
  }

  private long members(TwoPods two) {
    return TestRedis.<Long>ask(r -> r.hlen(two.key(ticket, "members")));
  }

  private long kept(TwoPods two) {
    return TestRedis.<List<String>>ask(r -> r.hvals(two.key(ticket, "members"))).stream()
        .filter(value -> value.contains(" "))
        .count();
  }

  /** How many incarnations are in the index with some ticket. */
  private static long indexed(TwoPods two) {
    return TestRedis.<Set<String>>ask(r -> r.keys(two.pods.keyPrefix() + "{i:*}:tickets"))
        .size();
  }

  private static double places(TestPods.TestPod pod, String outcome) {
    return pod.metrics()
        .get("chat.places.kept")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  private static int connections(TwoPods two) {
    return call(two.b, link -> two.b.pod().users().presence(link, "ana")).connections();
  }

  private int participants(TestClient client) {
    return client
        .ok("get_participants", Map.of("ticket_id", ticket))
        .get("participants_count")
        .asInt();
  }
}
