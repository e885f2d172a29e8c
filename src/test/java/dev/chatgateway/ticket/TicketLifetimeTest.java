package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.call;
import static dev.chatgateway.testing.TwoPods.customer;
import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.mark;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.protocol.Fields;
import dev.chatgateway.protocol.JsonReader;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All that there is of a ticket lives equally long. */
class TicketLifetimeTest {
  private static final List<String> PARTS = List.of(
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
      "dedupe");
  private static final long SOON_MS = 1_000_000;

  private final int ticket = newTicket();

  @Test
  void silentRoomThatIsWatchedKeepsEverything() {
    try (TwoPods two = new TwoPods("chat.presence.renewal", "1s")) {
      fill(two);
      letAgeWithoutRenewal(two);
      for (String part : PARTS) {
        eventually("a renewal of " + part, () -> ttl(two, part) > 2 * SOON_MS);
      }
    }
  }

  @Test
  void eachChangeRenewsAllKeysAlike() {
    try (TwoPods two = new TwoPods()) {
      TestClient ana = fill(two);
      List<Runnable> changes = List.of(
          () -> ana.ok("typing_start", Map.of("ticket_id", ticket)),
          () -> ana.say(ticket, "x"),
          () -> mark(ana, "read", ticket, 1),
          () -> customer(two.b, "pia", ticket));
      for (Runnable change : changes) {
        letAgeWithoutRenewal(two);
        change.run();
        for (String part : PARTS) {
          assertThat(ttl(two, part)).as(part).isGreaterThan(2 * SOON_MS);
        }
      }
    }
  }

  @Test
  void watchingForLongerThanTheLifetimeLosesNothing() {
    String[] settings = {
      "chat.ticket.lifetime", "4s",
      "chat.ticket.dedupe", "1s",
      "chat.typing.shown", "1s",
      "chat.presence.grace", "1s",
      "chat.presence.renewal", "1s"
    };
    try (TwoPods two = new TwoPods(settings)) {
      TestClient ana = customer(two.a, "ana", ticket);
      TestClient noor = in(two.b, "u:noor;admin", ticket);
      ana.say(ticket, "x");
      ana.say(ticket, "y");
      mark(noor, "read", ticket, 2);
      // The keys were written before that one, and live as long without a renewal.
      TestRedis.run(redis -> redis.psetex(two.pods.keyPrefix() + "clock", 4500, "1"));
      eventually(
          "the end of what was not renewed",
          () -> !TestRedis.<Boolean>ask(redis -> redis.exists(two.pods.keyPrefix() + "clock")));
      List<Long> unread =
          call(two.a, l -> two.a.pod().marks().unread(l, "" + ticket, List.of("noor")));
      assertThat(unread).containsExactly(0L);
      assertThat(ana.ok("get_messages", Map.of("ticket_id", ticket)).get("messages"))
          .hasSize(2);
    }
  }

  /** A ticket that has all keys there are. */
  private TestClient fill(TwoPods two) {
    TestClient ana = customer(two.a, "ana", ticket);
    ana.ok("send_message", Map.of("ticket_id", ticket, "text", "x", "client_id", "c"));
    ana.ok("typing_start", Map.of("ticket_id", ticket));
    Fields text = Fields.of(JsonReader.object("{\"text\":\"x\"}"), "", Set.of("text"));
    Messages.Author bot = new Messages.Author("own", null, "bot", "Bot", false);
    call(two.a, l -> two.a.pod().messages().publish(l, "" + ticket, bot, text, null));
    call(two.a, l -> two.a.pod().tickets().remove(l, "" + ticket, "gone", false));
    TestRedis.run(redis -> {
      // So that looking at its end does not take it away.
      redis.hset(two.key(ticket, "typing"), "someone", "99999999999999 1 else.1 Someone");
    });
    return ana;
  }

  private void letAgeWithoutRenewal(TwoPods two) {
    TestRedis.run(redis -> {
      redis.hset(two.key(ticket, "meta"), "renewed", "1");
      PARTS.forEach(part -> redis.pexpire(two.key(ticket, part), SOON_MS));
    });
  }

  private long ttl(TwoPods two, String part) {
    return TestRedis.ask(redis -> redis.pttl(two.key(ticket, part)));
  }
}
