package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A user's connections send as much as the user may, whichever and how many they are. */
class UserMessageRateTest {
  private static final int BURST = 9;
  private static final int PER_SECOND = 5;
  // Of so few messages each that no connection reaches the user's burst by itself.
  private static final int CONNECTIONS = 20;
  private static final int MESSAGES = 6;

  private static TwoPods two;
  private final int ticket = newTicket();
  private final String user = "rita" + ticket;

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.limits.messages.burst",
        "1000",
        "chat.limits.user-messages.burst",
        "" + BURST,
        "chat.limits.user-messages.per-second",
        "" + PER_SECOND,
        "chat.limits.authentication-timeout",
        "60s");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void theConnectionsOfBothPodsCountTogether() {
    TestClient one = customer(two.a, user, ticket);
    TestClient other = customer(two.b, user, ticket);
    eventually(
        "both pods to know of two connections",
        () -> one.session().user().connections() == 2 && other.session().user().connections() == 2);

    int refused = 0;
    for (int i = 0; i < 60; i++) {
      JsonNode reply = send(i % 2 == 0 ? one : other);
      if (!reply.path("ok").asBoolean()) {
        requireRateLimited(reply);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void connectionsOneAfterTheOtherHaveNoBurstEach() {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      clients.add(two.a.connect());
    }
    requireRefusal(clients);
  }

  @Test
  void norHaveThoseThatWaitedBeforeTheyAuthenticated() {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      clients.add(two.a.connect());
    }
    long newest = clients.get(CONNECTIONS - 1).session().openedNanos();
    awaitRefill(newest);
    requireRefusal(clients);
  }

  @Test
  void anOnlyConnectionThatIsThereForLongerIsLimitedByItself() {
    TestClient client = customer(two.a, user, ticket);
    awaitRefill(System.nanoTime());
    for (int i = 0; i < 3 * BURST; i++) {
      assertThat(send(client).path("ok").asBoolean()).isTrue();
    }
  }

  private void requireRefusal(List<TestClient> clients) {
    for (TestClient client : clients) {
      client.authenticate("u:" + user + ";tickets=" + ticket);
      client.join(ticket);
      for (int i = 0; i < MESSAGES; i++) {
        JsonNode reply = send(client);
        if (!reply.path("ok").asBoolean()) {
          requireRateLimited(reply);
          return;
        }
      }
      client.close();
      eventually(
          "nobody there",
          () -> call(two.b, redis -> two.b.pod().users().presence(redis, user)).connections() == 0);
    }
    throw new AssertionError("nothing was refused");
  }

  private JsonNode send(TestClient client) {
    return client.request("send_message", Map.of("ticket_id", ticket, "text", "x"));
  }

  private static void requireRateLimited(JsonNode reply) {
    assertThat(reply.at("/error/code").asText()).isEqualTo("rate_limited");
    assertThat(reply.at("/error/retry_after_ms").asLong()).isBetween(1L, 1000L);
  }

  private static void awaitRefill(long sinceNanos) {
    long nanos = Duration.ofSeconds(BURST).toNanos() / PER_SECOND;
    eventually("time to recover", () -> System.nanoTime() - sinceNanos > nanos);
  }
}
