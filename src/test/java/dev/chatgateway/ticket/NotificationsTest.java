package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.mark;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who hears of messages and updates in rooms they aren't in. */
class NotificationsTest {
  private static final String NOTICE = "ticket_message_notification";

  private final int ticket = newTicket();
  private final int fenceTicket = newTicket();
  private TwoPods two;

  @BeforeEach
  void start() {
    two = new TwoPods("chat.ticket.preview", "10");
  }

  @AfterEach
  void stop() {
    two.close();
  }

  @Test
  void staffOutsideTheRoomHearOfItOnBothPods() {
    TestClient here = two.a.connect("u:noor;admin");
    TestClient there = two.b.connect("u:olga;admin");
    TestClient inside = in(two.b, "u:pia;admin", ticket);
    TestClient ana = in(two.a, "u:7;name=Ana;tickets=" + ticket, ticket);

    JsonNode sent = ana.say(ticket, "Hello\nWorld, all of you");

    for (TestClient admin : List.of(here, there)) {
      JsonNode notice = admin.awaitEvent(NOTICE);
      assertThat(notice.get("ticket_id").asInt()).isEqualTo(ticket);
      assertThat(notice.get("message_id")).isEqualTo(sent.get("id"));
      assertThat(notice.get("seq").asLong()).isEqualTo(1);
      assertThat(notice.get("user_id").asInt()).isEqualTo(7);
      assertThat(notice.get("user_name").asText()).isEqualTo("Ana");
      assertThat(notice.get("preview").asText()).isEqualTo("Hello Worl");
      assertThat(notice.get("sent_at")).isEqualTo(sent.get("sent_at"));
      assertThat(notice.get("unread").asLong()).isEqualTo(1);
    }
    fence(inside, ana);
    assertThat(notices(inside)).isZero();
    assertThat(notices(ana)).isZero();
  }

  @Test
  void unreadCountsMessagesOfOthersAfterTheReadMark() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    noor.say(ticket, "1");
    ana.say(ticket, "2");
    noor.say(ticket, "3");
    ana.say(ticket, "4");
    mark(noor, "read", ticket, 2);
    noor.ok("leave_ticket_chat", Map.of("ticket_id", ticket));

    ana.say(ticket, "5");
    assertThat(noor.awaitEvent(NOTICE).get("unread").asLong()).isEqualTo(2);
    // Somebody who has read nothing, and one who wrote since reading.
    assertThat(unread(two.a, "stranger")).isEqualTo(5);
    mark(ana, "read", ticket, 5);
    assertThat(unread(two.b, "ana")).isZero();
    ana.say(ticket, "6");
    assertThat(noor.awaitEvent(NOTICE).get("unread").asLong()).isEqualTo(3);
    assertThat(unread(two.b, "ana")).isZero();
  }

  @Test
  void followersWhoLeftHearOfItOnAllTheirConnections() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient elsewhere = two.b.connect("u:ana;tickets=" + ticket);
    eventually("the other pod to know", () -> elsewhere.session().user().follows("" + ticket));
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    noor.say(ticket, "one");

    assertThat(elsewhere.awaitEvent(NOTICE).get("unread").asLong()).isEqualTo(1);
    ana.ok("leave_ticket_chat", Map.of("ticket_id", ticket));
    noor.say(ticket, "two");
    assertThat(ana.awaitEvent(NOTICE).get("unread").asLong()).isEqualTo(2);

    TestClient later = two.a.connect("u:ana;tickets=" + ticket);
    noor.say(ticket, "three");
    assertThat(later.awaitEvent(NOTICE).get("seq").asLong()).isEqualTo(3);
  }

  @Test
  void theSenderIsNeverNotifiedOnAnyConnection() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    TestClient other = two.b.connect("u:noor;admin");
    TestClient witness = two.b.connect("u:olga;admin");
    noor.say(ticket, "x");
    witness.awaitEvent(NOTICE);
    fence(other);
    assertThat(notices(other)).isZero();
  }

  @Test
  void whoseTokenAdmitsThemNoLongerHearsNothing() {
    TestClient ana = customer(two.a, "ana", ticket);
    ana.ok("leave_ticket_chat", Map.of("ticket_id", ticket));
    TestClient outside = two.b.connect("u:ana;tickets=" + fenceTicket);
    ana.authenticate("u:ana;tickets=" + fenceTicket);
    TestClient stranger = two.b.connect("u:bea;tickets=" + ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    TestClient witness = two.a.connect("u:olga;admin");

    noor.say(ticket, "x");
    witness.awaitEvent(NOTICE);
    fence(ana, outside, stranger);
    assertThat(notices(ana) + notices(outside) + notices(stranger)).isZero();
  }

  @Test
  void anUpdateReachesTheRoomAndNotifiesWhoIsNotInIt() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = two.b.connect("u:noor;admin");
    byte[] data = "{\"state\":\"waiting\"}".getBytes(StandardCharsets.UTF_8);

    call(two.b, link -> two.b.pod().tickets().update(link, "" + ticket, data));

    assertThat(ana.awaitEvent("ticket_update").get("state").asText()).isEqualTo("waiting");
    JsonNode notice = noor.awaitEvent("ticket_update_notification");
    assertThat(notice.get("ticket_id").asInt()).isEqualTo(ticket);
    assertThat(notice.get("state").asText()).isEqualTo("waiting");
    fence(ana);
    assertThat(ana.events("ticket_update_notification")).isEmpty();
  }

  /** Whatever was published before has come in when an event for these users does. */
  private void fence(Client... clients) {
    byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
    for (Client client : clients) {
      String user = ((TestClient) client).session().principal().userId();
      call(two.a, link -> two.a.pod().users().event(link, user, "fence", nothing));
      client.awaitEvent("fence");
    }
  }

  private long unread(TestPods.TestPod pod, String user) {
    return call(pod, link -> pod.pod().marks().unread(link, "" + ticket, List.of(user)))
        .get(0);
  }

  private static int notices(Client client) {
    return client.events(NOTICE).size();
  }
}
