package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TwoPods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a client gets on joining, and how the live events go on from there. */
class ResumeTest {
  private static TwoPods two;
  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.ticket.history",
        "20",
        "chat.ticket.page",
        "5",
        "chat.limits.connections-per-user",
        "1000",
        "chat.limits.user-messages.burst",
        "100000",
        "chat.limits.messages.per-second",
        "100000",
        "chat.limits.messages.burst",
        "100000",
        "chat.limits.frames.per-second",
        "100000",
        "chat.limits.frames.burst",
        "100000",
        "chat.limits.inbound-queue",
        "5000");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void whoResumesOnAnotherPodGetsExactlyWhatFollowed() {
    TestClient ana = customer(two.a, "ana", ticket);
    String epoch = say(ana, 7);

    JsonNode joined = resume(two.b, epoch, 3);
    assertThat(joined.get("recovered").asBoolean()).isTrue();
    assertThat(numbers(joined)).isEqualTo(range(4, 7));
    assertThat(joined.get("seq").asLong()).isEqualTo(7);
    assertThat(joined.get("epoch").asText()).isEqualTo(epoch);

    assertThat(numbers(resume(two.b, epoch, 0))).isEqualTo(range(1, 7));
    JsonNode nothing = resume(two.a, epoch, 7);
    assertThat(nothing.get("recovered").asBoolean()).isTrue();
    assertThat(numbers(nothing)).isEmpty();
  }

  @Test
  void whatCannotBeProvenGivesTheNewestPage() {
    TestClient ana = customer(two.a, "ana", ticket);
    String epoch = say(ana, 30);

    assertThat(numbers(resume(two.b, epoch, 10))).isEqualTo(range(11, 30));
    newestPage(resume(two.b, epoch, 9));
    newestPage(resume(two.b, epoch, 0));
    newestPage(resume(two.b, epoch, 31));
    newestPage(resume(two.b, "another", 29));
    newestPage(in(two.b, "u:ana;tickets=" + ticket, ticket).join(ticket));
  }

  @Test
  void aTicketWithoutMessagesHasAnEpochToResumeFrom() {
    JsonNode first = two.a.connect("u:ana;tickets=" + ticket).join(ticket);
    assertThat(first.get("seq").asLong()).isZero();
    assertThat(first.get("recovered").asBoolean()).isFalse();

    JsonNode again = resume(two.b, first.get("epoch").asText(), 0);
    assertThat(again.get("recovered").asBoolean()).isTrue();
  }

  @Test
  void lateJoinersGetExactlyWhatFollowsTheirSnapshot() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    String token = "u:ana;tickets=" + ticket;
    List<TestClient> joiners = new ArrayList<>();
    List<Long> joins = new ArrayList<>();
    int total = 600;

    for (int i = 0; i < total; i++) {
      noor.ask("send_message", Map.of("ticket_id", ticket, "text", "m" + i));
      if (i % 50 == 25) {
        TestClient joiner = (i % 100 == 25 ? two.b : two.a).connect(token);
        joiners.add(joiner);
        joins.add(joiner.ask("join_ticket_chat", Map.of("ticket_id", ticket)));
      }
    }

    for (int i = 0; i < joiners.size(); i++) {
      TestClient joiner = joiners.get(i);
      long snapshot =
          joiner.awaitReply(joins.get(i), TestClient.PATIENCE).at("/data/seq").asLong();
      eventually(
          "the last message",
          () -> snapshot == total || seqs(joiner, ticket).contains((long) total));
      assertThat(seqs(joiner, ticket)).isEqualTo(range(snapshot + 1, total));
    }
  }

  @Test
  void joiningAgainGivesTheStateOnceMoreAndTheRoomGoesOn() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    TestClient ana = customer(two.b, "ana", ticket);
    int total = 200;
    List<Long> joins = new ArrayList<>();
    for (int i = 0; i < total; i++) {
      noor.ask("send_message", Map.of("ticket_id", ticket, "text", "m" + i));
      if (i % 20 == 10) {
        joins.add(ana.ask("join_ticket_chat", Map.of("ticket_id", ticket)));
      }
    }
    joins.forEach(
        ref -> assertThat(ana.awaitReply(ref, TestClient.PATIENCE).get("ok").asBoolean())
            .isTrue());
    eventually("the last message", () -> seqs(noor, ticket).contains((long) total));
    ana.say(ticket, "end");
    ana.awaitEvent("new_message", m -> m.get("text").asText().equals("end"));
    // What a snapshot showed is not told again, so numbers may be left out, but never repeated.
    assertThat(seqs(ana, ticket)).doesNotHaveDuplicates().isSorted();
  }

  private String say(TestClient client, int messages) {
    JsonNode last = null;
    for (int i = 0; i < messages; i++) {
      last = client.say(ticket, "m" + i);
    }
    return last.get("epoch").asText();
  }

  private JsonNode resume(TestPods.TestPod pod, String epoch, long seq) {
    return pod.connect("u:ana;tickets=" + ticket)
        .ok("join_ticket_chat", Map.of("ticket_id", ticket, "epoch", epoch, "last_seq", seq));
  }

  private static void newestPage(JsonNode joined) {
    assertThat(joined.get("recovered").asBoolean()).isFalse();
    assertThat(numbers(joined)).isEqualTo(range(26, 30));
  }

  private static List<Long> numbers(JsonNode joined) {
    List<Long> seqs = new ArrayList<>();
    joined.get("messages").forEach(message -> seqs.add(message.get("seq").asLong()));
    return seqs;
  }
}
