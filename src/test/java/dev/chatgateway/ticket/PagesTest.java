package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers are bounded in bytes, and in users, whatever there is. */
class PagesTest {
  private static final int PAGE = 128 * 1024;
  private static final String TEXT = "€".repeat(4_700); // 14 KB
  private static TwoPods two;

  private final int ticket = newTicket();

  @BeforeAll
  static void start() {
    two = new TwoPods(
        "chat.limits.messages.per-second",
        "100000",
        "chat.limits.messages.burst",
        "100000",
        "chat.limits.user-messages.burst",
        "100000",
        "chat.limits.connections-per-user",
        "1000");
  }

  @AfterAll
  static void stop() {
    two.close();
  }

  @Test
  void theFirstPageIsBoundedInBytes() {
    say(50);
    JsonNode joined = two.b.connect("u:ben;tickets=" + ticket).join(ticket);
    assertThat(bytes(joined)).isLessThan(PAGE + 2000);
    assertThat(numbers(joined)).hasSizeBetween(5, 10).endsWith(50L);
    assertThat(joined.get("recovered").asBoolean()).isFalse();
    assertThat(joined.get("seq").asLong()).isEqualTo(50);
  }

  @Test
  void aPageOfHistoryIsBoundedInBytesAndSaysThatThereIsMore() {
    TestClient ana = say(50);
    List<Long> all = new ArrayList<>();
    JsonNode page;
    do {
      Map<String, Object> ask = new HashMap<>(Map.of("ticket_id", ticket, "limit", 100));
      ask.put("after_seq", all.isEmpty() ? 0 : all.get(all.size() - 1));
      page = ana.ok("get_messages", ask);
      assertThat(bytes(page)).isLessThan(PAGE + 2000);
      all.addAll(numbers(page));
    } while (page.get("more").asBoolean());
    assertThat(all).isEqualTo(range(1, 50));

    JsonNode before = ana.ok("get_messages", Map.of("ticket_id", ticket, "before_seq", 41));
    assertThat(before.get("more").asBoolean()).isTrue();
    assertThat(numbers(before)).hasSizeBetween(5, 10).endsWith(40L).isSorted();

    byte[] byHttp = TwoPods.call(
        two.b, link -> two.b.pod().history().page(link, "" + ticket, fields("{\"limit\":100}")));
    assertThat(byHttp.length).isLessThan(PAGE + 2000);
  }

  @Test
  void smallMessagesFillPagesAsBefore() {
    TestClient ana = customer(two.a, "ana", ticket);
    for (int i = 0; i < 120; i++) {
      ana.say(ticket, "m" + i);
    }
    JsonNode page = ana.ok("get_messages", Map.of("ticket_id", ticket, "limit", 100));
    assertThat(numbers(page)).isEqualTo(range(21, 120));
    assertThat(page.get("more").asBoolean()).isTrue();
    JsonNode rest = ana.ok("get_messages", Map.of("ticket_id", ticket, "before_seq", 21));
    assertThat(numbers(rest)).isEqualTo(range(1, 20));
    assertThat(rest.get("more").asBoolean()).isFalse();
  }

  @Test
  void ofManyParticipantsTheCallerAndStaffComeFirst() {
    Map<String, String> users = new TreeMap<>();
    Map<String, String> marks = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      users.put("user-" + i, "1 " + (i % 50 == 7 ? 1 : 0) + " User " + i);
      marks.put("r:user-" + i, "0");
    }
    TestRedis.run(redis -> {
      redis.hset(two.key(ticket, "users"), users);
      redis.hset(two.key(ticket, "marks"), marks);
    });

    TestClient zoe = two.b.connect("u:zoe;tickets=" + ticket);
    JsonNode joined = zoe.join(ticket);
    List<String> first = ids(joined.get("participants"));
    assertThat(first).hasSize(200).doesNotHaveDuplicates().startsWith("zoe");
    for (int i = 1; i <= 10; i++) {
      assertThat(joined.get("participants").get(i).get("is_admin").asBoolean()).isTrue();
    }
    assertThat(joined.get("participants_count").asInt()).isEqualTo(501);
    assertThat(joined.get("participants_more").asBoolean()).isTrue();
    assertThat(joined.get("read")).hasSize(200);
    assertThat(joined.get("read").has("user-457")).as("of staff").isTrue();

    Set<String> all = new HashSet<>();
    String cursor = null;
    int pages = 0;
    do {
      Map<String, Object> ask = new HashMap<>(Map.of("ticket_id", ticket));
      if (cursor != null) {
        ask.put("cursor", cursor);
      }
      JsonNode page = zoe.ok("get_participants", ask);
      assertThat(page.get("participants_count").asInt()).isEqualTo(501);
      ids(page.get("participants")).forEach(id -> assertThat(all.add(id)).isTrue());
      cursor = page.get("more").asBoolean() ? page.get("cursor").asText() : null;
      pages++;
    } while (cursor != null);
    assertThat(all).hasSize(501).contains("zoe");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void fewParticipantsAreAllThere() {
    in(two.a, "u:noor;admin", ticket);
    JsonNode joined = customer(two.b, "ana", ticket).join(ticket);
    assertThat(ids(joined.get("participants"))).containsExactlyInAnyOrder("noor", "ana");
    assertThat(joined.has("participants_more")).isFalse();
  }

  @Test
  void whatARoomMissedIsReadInPartsAndToldWhole() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient ben = customer(two.b, "ben", ticket);
    String body = "{\"user_id\":\"bot\",\"text\":\"" + "x".repeat(30_000) + "\"}";
    for (int i = 0; i < 60; i++) {
      TwoPods.sendUnheard(two, ticket, body);
    }
    ana.say(ticket, "now");
    eventually("the last", () -> TwoPods.seqs(ben, ticket).contains(61L));
    assertThat(TwoPods.seqs(ben, ticket)).isEqualTo(range(1, 61));
  }

  @Test
  void anErrorNamesItsTicket() {
    TestClient ana = two.a.connect("u:ana;tickets=" + ticket);
    ana.send("send_message", Map.of("ticket_id", ticket, "text", "not joined"));
    JsonNode error = ana.awaitEvent("error");
    assertThat(error.get("code").asText()).isEqualTo("not_joined");
    assertThat(error.get("ticket_id").asInt()).isEqualTo(ticket);

    ana.send("send_message", Map.of("ticket_id", ticket, "bogus", 1));
    assertThat(ana.awaitEvent("error").get("ticket_id").asInt()).isEqualTo(ticket);
    ana.send("no_such_event", Map.of("ticket_id", "abc"));
    assertThat(ana.awaitEvent("error").get("ticket_id").asText()).isEqualTo("abc");
    ana.sendText("{\"event\":\"send_message\",\"bogus\":1,\"data\":{\"ticket_id\":7}}");
    assertThat(ana.awaitEvent("error").get("ticket_id").asInt()).isEqualTo(7);
    ana.send("send_message", Map.of("ticket_id", "not an id", "text", "x"));
    assertThat(ana.awaitEvent("error").has("ticket_id")).isFalse();
  }

  private TestClient say(int messages) {
    TestClient ana = customer(two.a, "ana", ticket);
    for (int i = 0; i < messages; i++) {
      ana.say(ticket, TEXT);
    }
    return ana;
  }

  private static Fields fields(String json) {
    return Fields.of(JsonReader.object(json.getBytes(StandardCharsets.UTF_8)), "", Set.of("limit"));
  }

  private static int bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static List<Long> numbers(JsonNode answer) {
    List<Long> seqs = new ArrayList<>();
    answer.get("messages").forEach(message -> seqs.add(message.get("seq").asLong()));
    return seqs;
  }

  private static List<String> ids(JsonNode users) {
    List<String> ids = new ArrayList<>();
    users.forEach(user -> ids.add(user.get("user_id").asText()));
    return ids;
  }
}
