package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * For how long a retry gives the first result, where {@code chat.ticket.dedupe} is a second. All
 * times are Redis's own, in which the promise is made, so that slow tests measure no other window.
 */
class DedupeWindowTest {
  private static final long WINDOW_MS = 1000;
  private static final long APART_MS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static TwoPods two;
  private final int ticket = newTicket();
  private final String author = "ana" + ticket;

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.ticket.dedupe", WINDOW_MS + "ms",
        "chat.limits.messages.per-second", "100000",
        "chat.limits.messages.burst", "100000",
        "chat.limits.user-messages.per-second", "100000",
        "chat.limits.user-messages.burst", "100000",
        "chat.limits.frames.per-second", "100000",
        "chat.limits.frames.burst", "100000");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  /** What came of a message. */
  private record Sent(String key, String id, long seq, long atMs, boolean duplicate) {}

  /** Sends with that key; the second try goes to the other pod. */
  @FunctionalInterface
  private interface Sending {
    Sent send(String key, boolean again);
  }

  @Test
  void aClientIdIsRememberedForTheWindowAndForgottenWithinTwo() {
    requireWindow(clients());
  }

  @Test
  void anIdempotencyKeyIsRememberedForTheWindowAndForgottenWithinTwo() {
    requireWindow((key, again) -> publish(key, again, new Author(null, "ticket-system:" + key)));
  }

  @Test
  void anIdIsRememberedForTheWindowAndForgottenWithinTwo() {
    requireWindow((key, again) -> publish(key, again, new Author(key, null)));
  }

  @Test
  void inAQuietTicketItIsRememberedForLonger() {
    Sending sending = clients();
    Sent first = sending.send("quiet", false);
    await("three windows").atMost(PATIENCE).until(() -> now() > first.atMs() + 3 * WINDOW_MS);
    requireRetry(first, sending.send("quiet", true));
  }

  /**
   * Messages keep coming, and of some of them the oldest that is still remembered is sent again and
   * again, until three times some have been forgotten: all of a window are at once, so that the
   * youngest of them shows the least time, and the oldest the most.
   */
  private void requireWindow(Sending sending) {
    Deque<Sent> remembered = new ArrayDeque<>();
    List<Long> ages = new ArrayList<>();
    Sent last = sending.send("key-0", false);
    remembered.add(last);
    long longestPause = 0;
    int forgettings = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int i = 1; forgettings < 3; i++) {
      assertThat(System.nanoTime()).as("%s forgettings", forgettings).isLessThan(deadline);
      Sent next = sending.send("key-" + i, false);
      assertThat(next.duplicate()).isFalse();
      longestPause = Math.max(longestPause, next.atMs() - last.atMs());
      last = next;
      int before = ages.size();
      while (!remembered.isEmpty()) {
        Sent oldest = remembered.peekFirst();
        Sent again = sending.send(oldest.key(), true);
        if (again.duplicate()) {
          requireRetry(oldest, again);
          break;
        }
        assertThat(again.seq()).isGreaterThan(next.seq());
        ages.add(again.atMs() - oldest.atMs());
        remembered.removeFirst();
      }
      if (ages.size() > before) {
        forgettings++;
      }
      if (remembered.isEmpty() || next.atMs() - remembered.peekLast().atMs() >= APART_MS) {
        remembered.addLast(next);
      }
    }
    assertThat(ages).allMatch(age -> age > WINDOW_MS);
    // Each of the two windows ends with the first message after it, and the retry comes after that.
    long most = 2 * WINDOW_MS + 3 * longestPause;
    assertThat(ages).as("at most %d ms", most).allMatch(age -> age <= most);
  }

  private static void requireRetry(Sent first, Sent again) {
    assertThat(again).isEqualTo(new Sent(first.key(), first.id(), first.seq(), first.atMs(), true));
  }

  private Sending clients() {
    TestClient one = customer(two.a, author, ticket);
    TestClient other = customer(two.b, author, ticket);
    return (key, again) -> {
      JsonNode reply = (again ? other : one)
          .ok("send_message", Map.of("ticket_id", ticket, "text", "x", "client_id", key));
      return new Sent(
          key,
          reply.get("id").asText(),
          reply.get("seq").asLong(),
          Instant.parse(reply.get("sent_at").asText()).toEpochMilli(),
          reply.get("duplicate").asBoolean());
    };
  }

  /** What a call of the ticket system is known by. */
  private record Author(String id, String key) {}

  private Sent publish(String key, boolean again, Author by) {
    TestPods.TestPod pod = again ? two.b : two.a;
    Fields fields = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    Messages.Accepted accepted = call(
        pod,
        link -> pod.pod()
            .messages()
            .publish(
                link,
                "" + ticket,
                new Messages.Author(by.id(), by.key(), author, "Bot", false),
                fields,
                null));
    return new Sent(key, accepted.id(), accepted.seq(), accepted.sentAtMs(), accepted.duplicate());
  }

  private static long now() {
    return TestRedis.ask(redis -> {
      List<String> time = redis.time();
      return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    });
  }
}
