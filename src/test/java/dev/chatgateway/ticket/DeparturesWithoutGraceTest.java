package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.ticket.DepartingPods.LONG;
import static dev.chatgateway.ticket.DepartingPods.sendAway;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the grace does not hold for: typing, and who is put out, revoked or leaves unasked. */
class DeparturesWithoutGraceTest {
  @Test
  void theTypingOfWhoIsSentAwayEndsAtOnce() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      TestClient noor = two.agent();
      TestClient ana = customer(two.a, "ana", two.ticket);
      ana.ok("typing_start", Map.of("ticket_id", two.ticket));
      noor.awaitEvent("user_typing", e -> e.get("is_typing").asBoolean());

      two.a.stop();

      noor.awaitEvent("user_typing", e -> !e.get("is_typing").asBoolean());
      assertThat(noor.events("user_left")).isEmpty();
    }
  }

  @Test
  void whoIsPutOutOfTheTicketMeanwhileLeavesAtOnce() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      TestClient noor = two.agent();
      customer(two.a, "ana", two.ticket);
      two.a.stop();

      boolean wasIn =
          call(two.b, link -> two.b.pod().tickets().remove(link, "" + two.ticket, "ana", false));

      assertThat(wasIn).isTrue();
      assertThat(noor.awaitEvent("user_left").get("user_id").asText()).isEqualTo("ana");
      TestClient back = two.b.connect("u:ana;iat=1;tickets=" + two.ticket);
      assertThat(back.refused("join_ticket_chat", Map.of("ticket_id", two.ticket))
              .get("code")
              .asText())
          .isEqualTo("forbidden");
    }
  }

  @Test
  void whoseTokensAreRevokedMeanwhileIsNoLongerConnectedAndLeavesInTime() {
    try (DepartingPods two = new DepartingPods("2s")) {
      TestClient noor = two.agent();
      customer(two.a, "ana", two.ticket);
      two.a.stop();

      call(two.b, link -> two.b.pod().users().close(link, "ana", -1));

      assertThat(two.connections()).isZero();
      noor.awaitEvent("user_left");
    }
  }

  @Test
  void aTicketThatIsForgottenMeanwhileIsNotBroughtBack() {
    try (DepartingPods two = new DepartingPods("1s")) {
      sendAway(customer(two.a, "ana", two.ticket));
      eventually("a place kept", () -> two.kept() == 1);

      call(two.b, link -> two.b.pod().tickets().forget(link, "" + two.ticket));

      eventually("the end of her time", () -> two.indexed() == 0);
      assertThat(TestRedis.<Boolean>ask(r -> r.exists(two.key("members")))).isFalse();
    }
  }

  @Test
  void whoLeavesByThemselvesLeavesAtOnceThoughAskedToGo() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      TestClient noor = two.agent();
      TestClient ana = customer(two.a, "ana", two.ticket);
      TestClient pia = customer(two.a, "pia", two.ticket);
      List.of(ana, pia)
          .forEach(client ->
              client.session().loop().run(() -> client.session().sendAway("rebalance", 60_000)));
      assertThat(ana.awaitEvent("reconnect").get("delay_ms").asInt()).isEqualTo(60_000);
      pia.awaitEvent("reconnect");

      ana.ok("leave_ticket_chat", Map.of("ticket_id", two.ticket));
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("ana"));
      pia.authenticate("u:pia;tickets=0");
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("pia"));
      assertThat(ana.isClosed()).isFalse();
    }
  }

  @Test
  void whoClosesByThemselvesLeavesAtOnce() {
    try (DepartingPods two = new DepartingPods(LONG)) {
      TestClient noor = two.agent();
      customer(two.a, "ana", two.ticket).close();
      noor.awaitEvent("user_left");
      assertThat(two.kept()).isZero();
    }
  }

  @Test
  void whereThereIsNoGraceTheyLeaveAtOnce() {
    try (DepartingPods two = new DepartingPods("0s")) {
      TestClient noor = two.agent();
      customer(two.a, "ana", two.ticket);
      two.a.stop();
      noor.awaitEvent("user_left");
      assertThat(two.connections()).isZero();
    }
  }
}
