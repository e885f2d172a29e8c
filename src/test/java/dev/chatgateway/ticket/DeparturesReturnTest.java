package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.ticket.DepartingPods.LONG;
import static dev.chatgateway.ticket.DepartingPods.places;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import org.junit.jupiter.api.Test;

/** Who was sent away keeps their place in the ticket, and has never left if back in time. */
class DeparturesReturnTest {
  @Test
  void whoIsBackInTimeNeverLeft() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      TestClient noor = two.agent();
      TestClient ana = customer(two.a, "ana", two.ticket);
      noor.awaitEvent("user_joined");

      two.a.stop();

      assertThat(ana.awaitClose().code()).isEqualTo(1012);
      assertThat(ana.events("reconnect")).hasSize(1);
      assertThat(two.participants(noor)).isEqualTo(2);
      TestClient back = customer(two.b, "ana", two.ticket);
      assertThat(places(two.b, "back")).isEqualTo(1);
      assertThat(two.members()).isEqualTo(2);
      two.awaitSwept(1);
      two.hearsNoMoreThanTheFirstJoin(noor, back);

      back.close();
      assertThat(noor.awaitEvent("user_left").get("participants_count").asInt()).isEqualTo(1);
    }
  }

  @Test
  void oneOfTwoConnectionsMayEndWhileTheOtherIsAway() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      TestClient noor = two.agent();
      TestClient other = customer(two.b, "ana", two.ticket);
      customer(two.a, "ana", two.ticket);
      noor.awaitEvent("user_joined");
      two.a.stop();

      other.close();
      eventually("one connection less", () -> two.members() == 2);
      TestClient back = customer(two.b, "ana", two.ticket);

      two.hearsNoMoreThanTheFirstJoin(noor, back);
      back.close();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void ofTwoConnectionsThatAreAwayOneMayComeBackAlone() {
    try (DepartingPods two = new DepartingPods("2s")) {
      TestClient noor = two.agent();
      customer(two.a, "ana", two.ticket);
      customer(two.a, "ana", two.ticket);
      noor.awaitEvent("user_joined");
      two.a.stop();

      TestClient back = customer(two.b, "ana", two.ticket);
      two.awaitSwept(1);

      assertThat(two.members()).isEqualTo(2);
      two.hearsNoMoreThanTheFirstJoin(noor, back);
      back.close();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void whoIsExpectedBackCountsAsConnectedForAsLong() {
    try (DepartingPods two = new DepartingPods("2s")) {
      in(two.a, "u:ana;tickets=" + two.ticket, two.ticket);

      two.a.stop();

      assertThat(two.connections()).isEqualTo(1);
      eventually("Ana to be gone", () -> two.connections() == 0);
      assertThat(call(two.b, link -> two.b.pod().users().presence(link, "ana")).lastSeenMs())
          .isPositive();
    }
  }

  @Test
  void whatTheirOtherConnectionDoesMeanwhileChangesNothing() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      customer(two.a, "ana", two.ticket);
      TestClient other = customer(two.b, "ana", two.ticket);
      two.a.stop();

      other.authenticate("u:ana;tickets=" + two.ticket);
      other.close();

      eventually("a place kept, and no other", () -> two.members() == 1);
      eventually(
          "no connection",
          () -> !TestRedis.<Boolean>ask(
              redis -> redis.exists(two.pods.keyPrefix() + "{u:ana}:conns")));
      assertThat(two.connections()).isEqualTo(1);
    }
  }
}
