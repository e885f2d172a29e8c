package dev.chatgateway.redis;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.mark;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import dev.chatgateway.ticket.Messages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Nothing stays in Redis for ever. */
class KeysHaveALifetimeTest {
  private static final List<String> TICKET_PARTS = List.of(
      "meta",
      "log",
      "status",
      "marks",
      "ids",
      "events",
      "members",
      "users",
      "typing",
      "removed",
      "followers",
      "dedupe",
      "dedupe_old");

  private final int ticket = newTicket();
  private final TwoPods two = new TwoPods(
      "chat.ticket.dedupe", "1ms", "chat.presence.heartbeat", "100ms", "chat.presence.lease", "1s");

  @AfterEach
  void stop() {
    two.close();
  }

  @Test
  void everyKeyEndsAfterEverythingHasBeenDone() {
    var doomed = two.pods.start();
    in(doomed, "u:gone;tickets=" + ticket, ticket);
    TestClient ana = customer(two.a, "ana", ticket);
    TestClient noor = in(two.b, "u:noor;admin", ticket);
    customer(two.b, "ana", ticket);
    for (int i = 0; i < 20; i++) {
      ana.ok("send_message", Map.of("ticket_id", ticket, "text", "x", "client_id", "c" + i));
    }
    ana.ok("typing_start", Map.of("ticket_id", ticket));
    mark(noor, "delivered", ticket, 3);
    mark(noor, "read", ticket, 2);
    String id = "" + ticket;
    byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
    var pod = two.a.pod();
    Fields text = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    call(
        two.a,
        l -> pod.messages()
            .publish(l, id, new Messages.Author("own", "key", "bot", "Bot", false), text, null));
    call(two.a, l -> pod.tickets().update(l, id, data));
    call(two.a, l -> pod.tickets().setClosed(l, id, true));
    call(two.a, l -> pod.tickets().remove(l, id, "pia", false));
    call(two.a, l -> pod.users().close(l, "pia", -1));
    call(two.a, l -> pod.users().event(l, "ana", "hello", data));
    pod.reports().publish(() -> "a report");
    doomed.kill();
    noor.awaitEvent("user_left");
    await().until(() -> keysWithALifetime().stream().anyMatch(key -> key.endsWith(":report")));

    List<String> seen = keysWithALifetime();
    for (String part : TICKET_PARTS) {
      assertThat(seen).contains(two.key(ticket, part));
    }
    assertThat(seen)
        .contains(
            two.pods.keyPrefix() + "{u:ana}:conns",
            two.pods.keyPrefix() + "{u:ana}:tickets",
            two.pods.keyPrefix() + "{pods}:leases",
            two.pods.keyPrefix() + "{pods}:loads",
            two.pods.keyPrefix() + "{pods}:store");

    ana.close();
    noor.close();
    keysWithALifetime();
  }

  @Test
  void whatComesToBeAgainAfterItsEndHasALifetimeToo() {
    TestClient ana = customer(two.a, "ana", ticket);
    ana.say(ticket, "x");
    for (String part : TICKET_PARTS) {
      // The log ends first: joins and events renew the rest.
      if (!List.of("meta", "members", "users", "followers").contains(part)) {
        TestRedis.run(redis -> redis.del(two.key(ticket, part)));
      }
    }
    lookLongUnrenewed();
    ana.say(ticket, "y");
    ana.ok("send_message", Map.of("ticket_id", ticket, "text", "x", "client_id", "c"));
    keysWithALifetime();
  }

  @Test
  void everyMessageKeepsItsTicketAlive() {
    TestClient ana = customer(two.a, "ana", ticket);
    Fields text = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    Messages.Author bot = new Messages.Author("own", "", "bot", "Bot", false);
    call(two.a, l -> two.a.pod().messages().publish(l, "" + ticket, bot, text, null));
    call(two.a, l -> two.a.pod().tickets().remove(l, "" + ticket, "pia", false));
    List<String> parts = List.of("meta", "log", "status", "marks", "ids", "followers", "removed");
    parts.forEach(part -> TestRedis.run(redis -> redis.pexpire(two.key(ticket, part), 1_000_000)));
    lookLongUnrenewed();
    ana.say(ticket, "y");
    for (String part : parts) {
      assertThat(TestRedis.<Long>ask(redis -> redis.pttl(two.key(ticket, part))))
          .as(part)
          .isGreaterThan(2_000_000);
    }
  }

  @Test
  void aRemovalLastsAsLongAsTheTicketIsJoined() {
    call(two.a, l -> two.a.pod().tickets().remove(l, "" + ticket, "pia", false));
    TestRedis.run(redis -> redis.pexpire(two.key(ticket, "removed"), 1_000_000));
    customer(two.a, "ana", ticket);
    assertThat(TestRedis.<Long>ask(redis -> redis.pttl(two.key(ticket, "removed"))))
        .isGreaterThan(2_000_000);
  }

  private void lookLongUnrenewed() {
    TestRedis.run(redis -> redis.hset(two.key(ticket, "meta"), "renewed", "1"));
  }

  private List<String> keysWithALifetime() {
    List<String> keys = new ArrayList<>();
    try (Jedis redis = TestRedis.connect()) {
      for (String key : redis.keys(two.pods.keyPrefix() + "*")) {
        // -2: it has ended since it was listed.
        assertThat(redis.pttl(key)).as(key).isNotEqualTo(-1);
        keys.add(key);
      }
    }
    assertThat(keys).isNotEmpty();
    return keys;
  }
}
