package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages of clients on two pods. */
class MessagesTest {
  private static TwoPods two;
  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.limits.messages.burst",
        "1000",
        "chat.limits.frames.burst",
        "1000",
        "chat.limits.inbound-queue",
        "1000",
        "chat.limits.user-messages.burst",
        "1000");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void everybodyHearsTheMessagesOfBothPodsInOneOrder() {
    TestClient ana = customer(two.a, "ana" + ticket, ticket);
    TestClient noor = in(two.b, "u:noor" + ticket + ";admin", ticket);

    for (int i = 0; i < 50; i++) {
      ana.ask("send_message", Map.of("ticket_id", ticket, "text", "a" + i));
      noor.ask("send_message", Map.of("ticket_id", ticket, "text", "n" + i));
    }
    eventually(
        "all messages",
        () -> seqs(ana, ticket).size() >= 100 && seqs(noor, ticket).size() >= 100);

    assertThat(seqs(ana, ticket)).isEqualTo(range(1, 100));
    assertThat(ana.events("new_message")).isEqualTo(noor.events("new_message"));
    assertThat(ana.events("new_message").stream()
            .map(message -> message.get("text").asText())
            .filter(text -> text.startsWith("n")))
        .containsExactlyElementsOf(range(0, 49).stream().map(i -> "n" + i).toList());
  }

  @Test
  void pagesBeforeAndAfterTheGreatestSeqThereCanBeAreReadLikeAnyOther() {
    TestClient ana = customer(two.a, "ana" + ticket, ticket);
    ana.say(ticket, "x");
    long greatest = Long.MAX_VALUE >> 12;

    JsonNode after = ana.ok("get_messages", Map.of("ticket_id", ticket, "after_seq", greatest));
    JsonNode before = ana.ok("get_messages", Map.of("ticket_id", ticket, "before_seq", greatest));

    assertThat(after.get("messages")).isEmpty();
    assertThat(before.get("messages")).hasSize(1);
  }

  @Test
  void aRetryOnAnotherPodGivesTheFirstResultAndSendsNothing() {
    TestClient one = customer(two.a, "ana" + ticket, ticket);
    TestClient two = customer(MessagesTest.two.b, "ana" + ticket, ticket);
    Map<String, Object> message = Map.of("ticket_id", ticket, "text", "once", "client_id", "c-1");

    JsonNode first = one.ok("send_message", message);
    JsonNode retry = two.ok("send_message", message);
    two.say(ticket, "after");
    two.awaitEvent("new_message", m -> m.get("text").asText().equals("after"));

    assertThat(first.get("duplicate").asBoolean()).isFalse();
    assertThat(retry.get("duplicate").asBoolean()).isTrue();
    for (String same : List.of("id", "seq", "epoch", "sent_at", "ticket_id", "status")) {
      assertThat(retry.get(same)).isEqualTo(first.get(same));
    }
    assertThat(seqs(two, ticket)).containsExactly(1L, 2L);
  }

  @Test
  void theSameClientIdOfAnotherUserIsAnotherMessage() {
    TestClient ana = customer(two.a, "ana" + ticket, ticket);
    TestClient bea = customer(two.b, "bea" + ticket, ticket);
    Map<String, Object> message = Map.of("ticket_id", ticket, "text", "x", "client_id", "c-1");

    assertThat(ana.ok("send_message", message).get("seq").asLong()).isEqualTo(1);
    assertThat(bea.ok("send_message", message).get("seq").asLong()).isEqualTo(2);
  }

  @Test
  void retriesThatRaceOnBothPodsStoreOneMessage() {
    TestClient one = customer(two.a, "ana" + ticket, ticket);
    TestClient other = customer(two.b, "ana" + ticket, ticket);
    int rounds = 20;
    for (int i = 0; i < rounds; i++) {
      Map<String, Object> message =
          Map.of("ticket_id", ticket, "data", Map.of("round", i), "client_id", "c" + i);
      long first = one.ask("send_message", message);
      long second = other.ask("send_message", message);
      JsonNode here = one.awaitReply(first, TestClient.PATIENCE);
      JsonNode there = other.awaitReply(second, TestClient.PATIENCE);
      if (here.path("ok").asBoolean() && there.path("ok").asBoolean()) {
        assertThat(here.at("/data/id")).isEqualTo(there.at("/data/id"));
        assertThat(here.at("/data/duplicate").asBoolean())
            .isNotEqualTo(there.at("/data/duplicate").asBoolean());
      } else {
        // The user's rate refuses a try without storing it.
        assertThat(List.of(here, there))
            .allMatch(r ->
                r.path("ok").asBoolean() || r.at("/error/code").asText().equals("rate_limited"));
      }
    }
    TestClient late = customer(two.b, "ana" + ticket, ticket);
    JsonNode page = late.ok("get_messages", Map.of("ticket_id", ticket, "limit", 100));
    assertThat(page.get("messages").findValuesAsText("client_id")).doesNotHaveDuplicates();
  }

  @Test
  void anIdOfTheTicketSystemIsTakenAndMakesItsRetryHarmlessOnAnyPod() {
    TestClient ana = customer(two.a, "ana" + ticket, ticket);
    var first = call(
        two.a,
        link ->
            two.a.pod().messages().publish(link, "" + ticket, author("ext-1"), text("hi"), null));
    var retry = call(
        two.b,
        link ->
            two.b.pod().messages().publish(link, "" + ticket, author("ext-1"), text("hi"), null));

    assertThat(first.id()).isEqualTo("ext-1");
    assertThat(retry.duplicate()).isTrue();
    assertThat(retry.seq()).isEqualTo(first.seq());
    ana.say(ticket, "after");
    ana.awaitEvent("new_message", m -> m.get("text").asText().equals("after"));
    assertThat(seqs(ana, ticket)).containsExactly(1L, 2L);
  }

  @Test
  void aClosedTicketRefusesClientsOnAllPodsUntilItIsReopened() {
    TestClient ana = customer(two.a, "ana" + ticket, ticket);
    TestClient noor = in(two.b, "u:noor" + ticket + ";admin", ticket);
    call(two.a, link -> two.a.pod().tickets().setClosed(link, "" + ticket, true));

    assertThat(noor.awaitEvent("ticket_update").get("closed").asBoolean()).isTrue();
    Map<String, Object> message = Map.of("ticket_id", ticket, "text", "x");
    assertThat(noor.refused("send_message", message).get("code").asText())
        .isEqualTo("ticket_closed");
    assertThat(ana.refused("send_message", message).get("code").asText())
        .isEqualTo("ticket_closed");
    assertThat(ana.join(ticket).get("closed").asBoolean()).isTrue();

    call(two.b, link -> two.b.pod().tickets().setClosed(link, "" + ticket, false));
    assertThat(ana.say(ticket, "x").get("seq").asLong()).isEqualTo(1);
    assertThat(ana.join(ticket).get("closed").asBoolean()).isFalse();
  }

  private static Messages.Author author(String id) {
    return new Messages.Author(id, null, "bot", "Bot", false);
  }

  private static Fields text(String text) {
    return Fields.of(JsonReader.object("{\"text\":\"" + text + "\"}"), "", Set.of("text"));
  }
}
