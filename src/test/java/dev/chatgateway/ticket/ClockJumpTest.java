package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.mark;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ShiftedClock;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.resps.Tuple;

/** Another server takes over whose clock is behind, or ahead of, that of the one before. */
class ClockJumpTest {
  private static final Duration JUMP = Duration.ofSeconds(5);

  private final int ticket = newTicket();
  private final ShiftedClock clock = new ShiftedClock(JUMP);
  private final TwoPods two = new TwoPods(
      "chat.presence.heartbeat", "100ms",
      "chat.presence.lease", "2s",
      "chat.typing.shown", "600ms",
      "chat.typing.renewal", "100ms");

  @AfterEach
  void end() {
    two.close();
    clock.close();
  }

  @Test
  void sentAtMayGoBackAndSeqDoesNot() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    List<Instant> times = new ArrayList<>();
    JsonNode first = ana.say(ticket, "by the clock before");
    times.add(sentAt(first));
    clock.set(Duration.ZERO);
    times.add(sentAt(ana.say(ticket, "by the clock after")));
    times.add(sentAt(noor.say(ticket, "and by another")));

    assertThat(times.get(1)).isBefore(times.get(0));
    assertThat(times.get(2)).isAfterOrEqualTo(times.get(1));
    for (TestClient client : List.of(ana, noor)) {
      eventually("all messages", () -> seqs(client, ticket).size() >= 3);
      assertThat(seqs(client, ticket)).isEqualTo(range(1, 3));
    }
    JsonNode page = noor.ok("get_messages", Map.of("ticket_id", ticket));
    assertThat(page.get("messages").findValuesAsText("seq")).containsExactly("1", "2", "3");
    assertThat(page.get("messages").findValuesAsText("sent_at").stream().map(Instant::parse))
        .containsExactlyElementsOf(times);
    JsonNode resumed = two.b
        .connect("u:ana;tickets=" + ticket)
        .ok(
            "join_ticket_chat",
            Map.of("ticket_id", ticket, "epoch", first.get("epoch"), "last_seq", 1));
    assertThat(resumed.get("recovered").asBoolean()).isTrue();
    assertThat(resumed.get("messages").findValuesAsText("seq")).containsExactly("2", "3");
    assertThat(mark(noor, "read", ticket, 3)).hasSize(2);
  }

  @Test
  void whoIsThereStaysWhereTheClockGoesBackAndWhoDiesAfterwardsLeavesAsAlways() {
    TestPods.TestPod doomed = two.pods.start();
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    customer(two.b, "ana", ticket);
    customer(doomed, "ben", ticket);
    Set<String> before = leases().keySet();
    clock.set(Duration.ZERO);
    eventually(
        "leases by the other clock",
        () -> leases().values().stream()
            .allMatch(until -> until < System.currentTimeMillis() + JUMP.toMillis() - 1000));
    assertThat(leases().keySet()).isEqualTo(before).hasSize(3);
    assertThat(noor.events("user_left")).isEmpty();

    doomed.kill();
    assertThat(noor.awaitEvent("user_left").get("user_id").asText()).isEqualTo("ben");
    assertThat(participants()).containsExactlyInAnyOrder("noor", "ana");
  }

  @Test
  void whoIsThereStaysWhereTheClockGoesOnBeyondTheLease() {
    TestClient noor = in(two.a, "u:noor;admin", ticket);
    TestClient ana = customer(two.b, "ana", ticket);
    Set<String> before = leases().keySet();
    clock.set(JUMP.multipliedBy(2));

    long jumped = System.currentTimeMillis() + JUMP.toMillis();
    eventually(
        "leases by the other clock",
        () -> leases().values().stream().allMatch(until -> until > jumped));
    assertThat(leases().keySet()).isEqualTo(before).hasSize(2);
    assertThat(noor.events("user_left")).isEmpty();
    eventually("each once", () -> {
      Map<String, String> users = TestRedis.ask(r -> r.hgetAll(two.key(ticket, "users")));
      return users.size() == 2 && users.values().stream().allMatch(u -> u.startsWith("1 "));
    });
    assertThat(ana.say(ticket, "here").get("seq").asLong()).isEqualTo(1);
    noor.awaitEvent("new_message");
    assertThat(noor.say(ticket, "and here").get("seq").asLong()).isEqualTo(2);
    ana.awaitEvent("new_message", message -> message.get("seq").asLong() == 2);
    assertThat(List.of(ana.isClosed(), noor.isClosed())).containsOnly(false);
  }

  @Test
  void aTypistWhoGoesQuietIsDroppedThoughTheClockWentBack() {
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient ben = customer(two.a, "ben", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    for (TestClient client : List.of(ana, ben)) {
      client.send("typing_start", Map.of("ticket_id", ticket));
    }
    awaitTyping(noor, "ana", true);
    awaitTyping(noor, "ben", true);
    clock.set(Duration.ZERO);
    ben.send("typing_start", Map.of("ticket_id", ticket)); // which counts by the other clock
    awaitTyping(noor, "ben", false);
    awaitTyping(noor, "ana", false);
    assertThat(noor.ok("get_typing_users", Map.of("ticket_id", ticket)).get("users"))
        .isEmpty();
  }

  @Test
  void whoIsPutOutOrRevokedIsRefusedThoughTheClockIsBehindThatOfTheTokens() {
    clock.set(JUMP.negated());
    TestClient ana = customer(two.a, "ana", ticket);
    remove("ana");
    assertThat(code(ana, "join_ticket_chat", Map.of("ticket_id", ticket))).isEqualTo("forbidden");

    long issued = Instant.now().getEpochSecond();
    close("ana", -1);
    assertThat(ana.awaitClose().code()).isEqualTo(4401);
    Map<String, String> token = Map.of("token", "u:ana;tickets=" + ticket + ";iat=" + issued);
    assertThat(code(two.a.connect(), "chat_authenticate", token)).isEqualTo("invalid_token");
  }

  @Test
  void whoIsPutOutStaysSoThoughTheClockGoesBack() {
    TestClient ana = customer(two.a, "ana", ticket);
    remove("ana");
    String key = two.key(ticket, "removed");
    String before = TestRedis.ask(redis -> redis.hget(key, "ana"));
    clock.set(JUMP.negated());
    remove("ana");
    assertThat(TestRedis.<String>ask(redis -> redis.hget(key, "ana"))).isEqualTo(before);
    assertThat(code(ana, "join_ticket_chat", Map.of("ticket_id", ticket))).isEqualTo("forbidden");
  }

  private void remove(String user) {
    call(two.b, link -> two.b.pod().tickets().remove(link, "" + ticket, user, false));
  }

  private void close(String user, long refuseUpToMs) {
    long connections = call(two.b, link -> two.b.pod().users().close(link, user, refuseUpToMs));
    assertThat(connections).isEqualTo(1);
  }

  @Test
  void connectionsAreClosedThoughTheClockWentBackSinceTheyWereMade() {
    TestClient ana = customer(two.a, "ana", ticket);
    clock.set(Duration.ZERO);
    close("ana", 0);
    assertThat(ana.awaitClose().code()).isEqualTo(4401);
  }

  @Test
  void messagesOfAUserPassThoughTheClockWentBack() {
    TestClient ana = customer(two.a, "ana", ticket);
    customer(two.b, "ana", ticket);
    eventually("both to be known", () -> ana.session().user().connections() == 2);
    ana.say(ticket, "before");
    clock.set(JUMP.negated());
    long before = System.nanoTime();
    eventually(
        "a message to pass",
        () -> ana.request("send_message", Map.of("ticket_id", ticket, "text", "after"))
            .path("ok")
            .asBoolean());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(JUMP);
  }

  private static String code(TestClient client, String event, Map<String, ?> data) {
    return client.refused(event, data).get("code").asText();
  }

  private static void awaitTyping(TestClient client, String user, boolean typing) {
    client.awaitEvent(
        "user_typing",
        data -> data.get("user_id").asText().equals(user)
            && data.get("is_typing").asBoolean() == typing);
  }

  private static Instant sentAt(JsonNode accepted) {
    return Instant.parse(accepted.get("sent_at").asText());
  }

  private Map<String, Double> leases() {
    String key = two.pods.keyPrefix() + "{pods}:leases";
    return TestRedis.ask(redis -> redis.zrangeWithScores(key, 0, -1).stream()
        .collect(Collectors.toMap(Tuple::getElement, Tuple::getScore)));
  }

  private Set<String> participants() {
    return Set.copyOf(TestRedis.ask(redis -> redis.hkeys(two.key(ticket, "users"))));
  }
}
