package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.mark;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.status;
import static dev.chatgateway.testing.TwoPods.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivered and read, marked from two pods. */
class MarksTest {
  private static TwoPods two;
  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods();
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @ParameterizedTest
  @CsvSource({
    "delivered delivered, delivered", "delivered read, read", "read delivered, read",
    "read read, read", "delivered read delivered, read", "read delivered delivered, read"
  })
  void statusOnlyMovesUpWhateverTheOrderAndThePod(String marks, String end) {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient here = in(two.a, "u:noor;admin", ticket);
    TestClient there = in(two.b, "u:olga;admin", ticket);
    String id = ana.say(ticket, "hello").get("id").asText();

    int i = 0;
    for (String mark : marks.split(" ")) {
      TestClient marker = i++ % 2 == 0 ? here : there;
      marker.ok("mark_messages_" + mark, Map.of("ticket_id", ticket, "message_ids", List.of(id)));
      assertThat(status(ana, ticket, id)).isEqualTo(status(there, ticket, id));
    }
    assertThat(status(ana, ticket, id)).isEqualTo(end);

    ana.say(ticket, "fence");
    for (TestClient client : List.of(ana, here, there)) {
      client.awaitEvent("new_message", m -> m.get("text").asText().equals("fence"));
      List<String> told = client.events("message_status_update").stream()
          .map(update -> update.get("status").asText())
          .toList();
      assertThat(told).doesNotHaveDuplicates().isSorted().endsWith(end);
    }
  }

  @Test
  void readingUpToAMessageMarksAllBeforeItAndTellsOfEach() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    List<String> ids = List.of(say(ana), say(ana), say(ana), say(ana));

    assertThat(mark(noor, "read", ticket, 3)).isEqualTo(ids.subList(0, 3));
    for (String id : ids.subList(0, 3)) {
      JsonNode update = ana.awaitEvent(
          "message_status_update", u -> u.get("message_id").asText().equals(id));
      assertThat(update.get("status").asText()).isEqualTo("read");
      assertThat(update.get("user_id").asText()).isEqualTo("noor");
    }
    assertThat(status(ana, ticket, ids.get(3))).isEqualTo("sent");
    assertThat(mark(noor, "read", ticket, 3)).isEmpty();
    assertThat(ana.join(ticket).at("/read/noor").asLong()).isEqualTo(3);
  }

  @Test
  void readingOneMessageIsHavingReadAllBeforeIt() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    List<String> ids = List.of(say(ana), say(ana), say(ana));

    JsonNode marked = noor.ok(
        "mark_messages_read", Map.of("ticket_id", ticket, "message_ids", List.of(ids.get(1))));
    assertThat(texts(marked.get("message_ids"))).isEqualTo(ids.subList(0, 2));
    assertThat(status(ana, ticket, ids.get(2))).isEqualTo("sent");
  }

  @Test
  void deliveryIsOfEachMessageItsOwn() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    List<String> ids = List.of(say(ana), say(ana), say(ana));

    noor.ok(
        "mark_messages_delivered", Map.of("ticket_id", ticket, "message_ids", List.of(ids.get(1))));
    assertThat(status(ana, ticket, ids.get(0))).isEqualTo("sent");
    assertThat(status(ana, ticket, ids.get(1))).isEqualTo("delivered");
    assertThat(mark(noor, "delivered", ticket, 99)).containsExactly(ids.get(0), ids.get(2));
  }

  @Test
  void nobodyMarksTheirOwnMessages() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient same = customer(two.b, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    String own = say(ana);
    String others = say(noor);

    assertThat(mark(same, "read", ticket, 2)).containsExactly(others);
    same.ok("mark_messages_delivered", Map.of("ticket_id", ticket, "message_ids", List.of(own)));
    assertThat(status(noor, ticket, own)).isEqualTo("sent");
    assertThat(status(noor, ticket, others)).isEqualTo("read");
  }

  @Test
  void marksOfWhatIsNotThereMoveNothing() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    String epoch = ana.say(ticket, "x").get("epoch").asText();

    JsonNode marked = noor.ok(
        "mark_messages_read",
        Map.of(
            "ticket_id",
            ticket,
            "message_ids",
            List.of("x", "x-1", epoch + "-2", epoch + "-0", "1")));
    assertThat(marked.get("message_ids")).isEmpty();
    assertThat(mark(noor, "read", ticket, 0)).isEmpty();
    assertThat(ana.join(ticket).get("read")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivered", "read"})
  void aSeqMarksNothingInAnotherEpoch(String status) {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    JsonNode said = ana.say(ticket, "hello");
    String id = said.get("id").asText();
    String epoch = said.get("epoch").asText();

    for (String other : List.of("", "other", "=" + epoch, epoch + "x")) {
      assertThat(markIn(other, noor, status)).as(other).isEmpty();
    }
    assertThat(status(ana, ticket, id)).isEqualTo("sent");
    assertThat(ana.join(ticket).get("read")).isEmpty();
    assertThat(markIn(epoch, noor, status)).containsExactly(id);
    assertThat(status(ana, ticket, id)).isEqualTo(status);
  }

  private List<String> markIn(String epoch, TestClient client, String status) {
    JsonNode marked = client.ok(
        "mark_messages_" + status, Map.of("ticket_id", ticket, "up_to_seq", 1, "epoch", epoch));
    assertThat(marked.get("status").asText()).isEqualTo(status);
    return texts(marked.get("message_ids"));
  }

  @Test
  void theTicketSystemMovesAStatusUpAndNeverBack() {
    TestClient ana = customer(two.a, "ana", ticket);
    String id = say(ana);
    var marks = two.b.pod().marks();

    var up = call(two.b, link -> marks.set(link, "" + ticket, id, Status.READ, "system"));
    var back = call(two.b, link -> marks.set(link, "" + ticket, id, Status.DELIVERED, "system"));

    assertThat(up).isEqualTo(new Marks.SetStatus(Status.READ, true));
    assertThat(back).isEqualTo(new Marks.SetStatus(Status.READ, false));
    assertThat(ana.awaitEvent("message_status_update").get("status").asText()).isEqualTo("read");
    Status none = call(two.a, link -> marks.status(link, "" + ticket, "none"));
    assertThat(none).isNull();
  }

  private String say(TestClient client) {
    return client.say(ticket, "hello").get("id").asText();
  }
}
