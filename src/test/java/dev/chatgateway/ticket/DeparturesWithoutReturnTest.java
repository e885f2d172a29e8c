package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.ticket.DepartingPods.places;
import static dev.chatgateway.ticket.DepartingPods.sendAway;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who was sent away and does not come back leaves once, whatever becomes of their pod. */
class DeparturesWithoutReturnTest {
  @Test
  void whoDoesNotComeBackLeavesOnceAfterTheirTimeThoughThePodIsLongGone() {
    try (DepartingPods two = new DepartingPods("3s")) {
      TestClient noor = two.agent();
      two.pods.start();
      TestClient ana = customer(two.a, "ana", two.ticket);
      noor.awaitEvent("user_joined");

      two.a.stop();

      ana.awaitClose();
      long away = System.nanoTime();
      assertThat(noor.awaitEvent("user_left").get("user_id").asText()).isEqualTo("ana");
      assertThat(Duration.ofNanos(System.nanoTime() - away)).isGreaterThan(Duration.ofMillis(2500));
      two.awaitSwept(2);
      noor.say(two.ticket, "fence");
      noor.awaitEvent("new_message");
      assertThat(noor.events("user_left")).hasSize(1);
      assertThat(two.participants(noor)).isEqualTo(1);
    }
  }

  @Test
  void aPodThatIsKilledWhileTheyAreAwayChangesNothing() {
    try (DepartingPods two = new DepartingPods("3s")) {
      TestClient noor = two.agent();
      TestClient ana = customer(two.a, "ana", two.ticket);
      TestClient pia = customer(two.a, "pia", two.ticket);
      List.of(ana, pia).forEach(DepartingPods::sendAway);
      eventually("two places kept", () -> two.kept() == 2);

      two.a.kill();

      TestClient back = customer(two.b, "ana", two.ticket);
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("pia"));
      two.awaitSwept(1);
      back.say(two.ticket, "fence");
      noor.awaitEvent("new_message");
      assertThat(noor.events("user_left")).hasSize(1);
      assertThat(noor.events("user_joined")).hasSize(2);
      assertThat(two.members()).isEqualTo(2);
    }
  }

  /** The pod has left the room by then, and must be swept in it all the same. */
  @Test
  void aPodThatIsKilledWhenItHearsTheRoomNoMoreIsSweptThereToo() {
    try (DepartingPods two = new DepartingPods("4s", "chat.relay.unsubscribe-delay", "0s")) {
      TestClient noor = two.agent();
      sendAway(customer(two.a, "ana", two.ticket));
      eventually("no room", () -> two.a.metrics().get("chat.rooms").gauge().value() == 0);
      assertThat(two.kept()).isEqualTo(1);

      two.a.kill();

      noor.awaitEvent("user_left");
      two.awaitSwept(1);
      assertThat(two.members()).isEqualTo(1);
    }
  }

  @Test
  void aPodThatGoesOnTakesThemOutByItself() {
    try (DepartingPods two = new DepartingPods("1500ms", "chat.relay.unsubscribe-delay", "0s")) {
      TestClient noor = two.agent();
      TestClient ana = customer(two.a, "ana", two.ticket);
      noor.awaitEvent("user_joined");
      sendAway(ana);

      noor.awaitEvent("user_left");
      eventually("it is counted", () -> places(two.a, "left") == 1);
      eventually("an index without the ticket", () -> two.indexed() == 1);
      assertThat(noor.events("user_left")).hasSize(1);
    }
  }
}
