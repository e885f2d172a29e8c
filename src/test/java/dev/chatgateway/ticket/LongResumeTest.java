package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.ReadmeClient;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A resume whose messages do not fit into its answer: the rest follows as the client reads. */
class LongResumeTest {
  private static final int HISTORY = 400;
  private static final int QUEUE = 64 * 1024;
  private static final String TEXT = "x".repeat(3000);
  private static TwoPods two;

  private final int ticket = newTicket();
  private final TestClient ana = customer(two.a, "ana", ticket);

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.ticket.history",
        Integer.toString(HISTORY),
        "chat.ticket.page",
        "10",
        "chat.limits.outbound-queue",
        "64K",
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
  void theRestFollowsInOrderBeforeWhatIsSaidNow() {
    String epoch = say(60);
    TestClient back = two.b.connect(token());

    JsonNode joined = resume(back, epoch, 5);

    List<Long> first = numbers(joined);
    assertThat(joined.get("recovered").asBoolean()).isTrue();
    assertThat(joined.get("more").asBoolean()).isTrue();
    assertThat(first.get(0)).isEqualTo(6);
    assertThat(first.size()).isLessThan(15);
    assertThat(joined.get("seq").asLong()).isEqualTo(first.get(first.size() - 1));
    assertThat(joined.get("newest_seq").asLong()).isEqualTo(60);
    ana.say(ticket, "now");
    eventually("the last message", () -> seqs(back, ticket).contains(61L));
    assertThat(seqs(back, ticket)).isEqualTo(range(joined.get("seq").asLong() + 1, 61));
  }

  @Test
  void seqIsWhatTheClientHasAndNewestSeqTheTickets() {
    String epoch = say(3);
    JsonNode nothing = resume(two.b.connect(token()), epoch, 3);
    assertThat(nothing.get("seq").asLong()).isEqualTo(3);
    assertThat(nothing.get("more").asBoolean()).isFalse();

    JsonNode fresh = two.b.connect(token()).join(ticket);
    assertThat(fresh.get("seq").asLong()).isEqualTo(3);
    assertThat(fresh.get("newest_seq").asLong()).isEqualTo(3);
    assertThat(fresh.get("more").asBoolean()).isFalse();
  }

  @Test
  void nothingWaitsForAClientThatDoesNotReadBeyondItsQueue() {
    String epoch = say(60);
    TestClient other = customer(two.b, "other", ticket);
    TestClient stuck = two.b.connect(token());
    stuck.reads(false);
    JsonNode joined = resume(stuck, epoch, 0);

    ana.say(ticket, TEXT);
    for (int i = 0; i < 19; i++) {
      ana.say(ticket, TEXT);
    }
    eventually("the others hear", () -> seqs(other, ticket).contains(80L));

    assertThat(stuck.isClosed()).isFalse();
    assertThat(stuck.pendingBytes()).isLessThan(QUEUE);
    assertThat(seqs(stuck, ticket)).hasSizeLessThan(20);
    stuck.reads(true);
    eventually("the last message", () -> seqs(stuck, ticket).contains(80L));
    assertThat(seqs(stuck, ticket)).isEqualTo(range(joined.get("seq").asLong() + 1, 80));
  }

  @Test
  void aStatusComesWithItsMessageOrAfterIt() {
    String epoch = say(60);
    TestClient other = customer(two.b, "other", ticket);
    TestClient stuck = two.b.connect(token());
    stuck.reads(false);
    JsonNode joined = resume(stuck, epoch, 0);

    TwoPods.mark(other, "read", ticket, 60);
    eventually("the others hear", () -> other.events("message_status_update").size() == 60);
    assertThat(stuck.isClosed()).isFalse();
    stuck.reads(true);

    Map<String, String> statuses = new HashMap<>();
    joined.get("messages").forEach(m -> statuses.put(id(m), m.get("status").asText()));
    eventually("all", () -> seqs(stuck, ticket).contains(60L) && allRead(stuck, statuses));
    assertThat(seqs(stuck, ticket)).isEqualTo(range(joined.get("seq").asLong() + 1, 60));
  }

  /** Does as a client does; requires that no status comes before its message, or back down. */
  private static boolean allRead(TestClient client, Map<String, String> first) {
    Map<String, String> statuses = new HashMap<>(first);
    for (Client.Event event : client.events()) {
      if (event.name().equals("new_message")) {
        assertThat(statuses.put(id(event.data()), event.data().get("status").asText()))
            .isNull();
      } else if (event.name().equals("message_status_update")) {
        String id = event.data().get("message_id").asText();
        assertThat(statuses).containsKey(id);
        assertThat(statuses.put(id, event.data().get("status").asText())).isEqualTo("sent");
      }
    }
    return statuses.values().stream().allMatch("read"::equals);
  }

  @Test
  void whatIsTrimmedMeanwhileIsReplacedByTheNewestPage() {
    String epoch = say(60);
    TestClient stuck = two.b.connect(token());
    stuck.reads(false);
    resume(stuck, epoch, 0);
    say(HISTORY);
    stuck.reads(true);

    JsonNode anew = stuck.awaitEvent("joined_ticket_chat");
    assertThat(anew.get("recovered").asBoolean()).isFalse();
    assertThat(anew.get("more").asBoolean()).isFalse();
    assertThat(anew.get("seq").asLong()).isEqualTo(60 + HISTORY);
    ana.say(ticket, "now");
    stuck.awaitEvent("new_message", m -> m.get("seq").asLong() == 61 + HISTORY);
    assertThat(seqs(stuck, ticket)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anotherEpochTakesThePlaceOfWhatWasToFollow() {
    String epoch = say(60);
    TestClient stuck = two.b.connect(token());
    stuck.reads(false);
    resume(stuck, epoch, 0);
    TestRedis.run(redis -> redis.hset(two.key(ticket, "meta"), "epoch", "another"));
    stuck.reads(true);

    JsonNode anew = stuck.awaitEvent("joined_ticket_chat");
    assertThat(anew.get("recovered").asBoolean()).isFalse();
    assertThat(anew.get("epoch").asText()).isEqualTo("another");
  }

  @Test
  void joinsWaitForRoomAndEndNoConnection() {
    say(60);
    TestClient agent = two.b.connect("u:agent;admin");
    agent.reads(false);
    List<Long> joins = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      joins.add(agent.ask("join_ticket_chat", Map.of("ticket_id", ticket)));
    }
    agent.awaitReply(joins.get(0), Client.PATIENCE);
    ana.say(ticket, "now");
    agent.awaitEvent("new_message", m -> m.get("text").asText().equals("now"));
    assertThat(agent.isClosed()).isFalse();
    assertThat(agent.pendingBytes()).isLessThan(QUEUE);

    agent.reads(true);
    joins
        .subList(1, 40)
        .forEach(
            join -> assertThat(agent.awaitReply(join, Client.PATIENCE).get("ok").asBoolean())
                .isTrue());
  }

  @Test
  void theClientOfTheReadmeLosesNothingWhereTheLineDropsAmidAResume() {
    TestClient first = two.b.connect(token());
    ReadmeClient client = new ReadmeClient(ticket);
    client.join(first);
    first.abort();
    say(70);

    int lines = 0;
    while (client.shown().size() < 70 && lines++ < 30) {
      TestPods.TestPod pod = lines % 2 == 0 ? two.a : two.b;
      TestClient line = pod.connect(token());
      line.reads(false);
      JsonNode joined = client.join(line);
      if (joined.get("more").asBoolean()) {
        line.readOnce();
        eventually("some that follow", () -> !line.events("new_message").isEmpty());
      }
      line.abort();
      client.hear(line);
    }
    assertThat(lines).isGreaterThan(2);
    assertThat(client.shown()).isEqualTo(range(1, 70));
    assertThat(client.cleared()).isEqualTo(1);
  }

  @Test
  void whoResumesWhileOthersTalkGetsEverythingOnceAndInOrder() {
    String epoch = say(40);
    int total = 300;
    List<TestClient> back = new ArrayList<>();
    List<Long> asked = new ArrayList<>();
    for (int i = 41; i <= total; i++) {
      ana.ask("send_message", Map.of("ticket_id", ticket, "text", "m" + i));
      if (i < 60 && i % 2 == 0) {
        TestClient one = (i % 4 == 0 ? two.a : two.b).connect(token());
        back.add(one);
        asked.add(one.ask(
            "join_ticket_chat", Map.of("ticket_id", ticket, "epoch", epoch, "last_seq", 0)));
      }
    }
    for (int i = 0; i < back.size(); i++) {
      TestClient one = back.get(i);
      JsonNode joined = one.awaitReply(asked.get(i), Client.PATIENCE).get("data");
      assertThat(joined.get("recovered").asBoolean()).isTrue();
      long from = joined.get("seq").asLong();
      eventually("the last", () -> seqs(one, ticket).contains((long) total));
      assertThat(seqs(one, ticket)).isEqualTo(range(from + 1, total));
    }
  }

  private String token() {
    return "u:ben;tickets=" + ticket;
  }

  private String say(int messages) {
    JsonNode last = null;
    for (int i = 0; i < messages; i++) {
      last = ana.say(ticket, TEXT);
    }
    return last.get("epoch").asText();
  }

  private JsonNode resume(TestClient client, String epoch, long seq) {
    return client.ok(
        "join_ticket_chat", Map.of("ticket_id", ticket, "epoch", epoch, "last_seq", seq));
  }

  private static String id(JsonNode message) {
    return message.get("id").asText();
  }

  private static List<Long> numbers(JsonNode joined) {
    List<Long> seqs = new ArrayList<>();
    joined.get("messages").forEach(message -> seqs.add(message.get("seq").asLong()));
    return seqs;
  }
}
