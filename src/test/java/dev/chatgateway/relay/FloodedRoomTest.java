package dev.chatgateway.relay;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.Pod;
import dev.chatgateway.session.Loop;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.StreamEntryID;

/** A room goes on while somebody publishes what is wrong with it, again and again. */
class FloodedRoomTest {
  private final int ticket = newTicket();
  private final TwoPods two = new TwoPods("chat.ticket.join-timeout", "2s");
  private final TestClient ana = in(two.a, "u:ana;tickets=" + ticket, ticket);
  private final TestClient noor = in(two.b, "u:noor;admin", ticket);
  private final String epoch = ana.say(ticket, "m1").get("epoch").asText();

  @AfterEach
  void stop() {
    two.close();
  }

  @Test
  void aRoomCanBeJoinedWhileEnvelopesComeThatAreFarAhead() {
    AtomicBoolean over = new AtomicBoolean();
    Relay relay = relayOfB();
    Loop main = two.b.pod().loops().main();
    // From within, for there to be one whenever the store is being read.
    main.run(() -> flood(relay, main, over));
    int said = 1;
    try {
      for (int i = 0; i < 5; i++) {
        // In less than join-timeout, or it is refused.
        TestClient late = in(two.b, "u:late" + i + ";admin", ticket);
        ana.say(ticket, "m" + ++said);
        long seq = said;
        late.awaitEvent("new_message", message -> message.get("seq").asLong() == seq);
      }
    } finally {
      over.set(true);
    }
    long last = said;
    eventually("the last message", () -> seqs(noor, ticket).contains(last));
    assertThat(seqs(noor, ticket)).isEqualTo(range(1, last));
  }

  private void flood(Relay relay, Loop main, AtomicBoolean over) {
    if (!over.get()) {
      String channel = new String(channel(), StandardCharsets.UTF_8);
      relay.message(channel, bytes("1 m " + epoch + " 1000 0 id 1 ana\n{}"));
      main.executor().schedule(() -> flood(relay, main, over), 100, TimeUnit.MICROSECONDS);
    }
  }

  private Relay relayOfB() {
    try {
      Field relay = Pod.class.getDeclaredField("relay");
      relay.setAccessible(true);
      return (Relay) relay.get(two.b.pod());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anEntryOfTheStoreThatIsNoneIsLeftOut() {
    ana.ok("typing_start", Map.of("ticket_id", ticket));
    noor.awaitEvent("user_typing");
    TestRedis.run(redis -> {
      // As a script of the gateway does, but for what it says.
      long rev = redis.hincrBy(two.key(ticket, "meta"), "rev", 1);
      redis.xadd(two.key(ticket, "events"), new StreamEntryID(rev, 0), Map.of("e", "nonsense"));
    });
    ana.ok("typing_stop", Map.of("ticket_id", ticket));
    noor.awaitEvent("user_typing", typing -> !typing.get("is_typing").asBoolean());
    ana.say(ticket, "m2");
    noor.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);
  }

  @Test
  void aRendererThatBreaksHarmsNobodyAndIsNotLoggedEachTime() {
    relayOfB().render('z', (ticketId, envelope) -> {
      throw new IllegalStateException("broken");
    });
    List<String> complaints = new CopyOnWriteArrayList<>();
    Handler listening = new Handler() {
      @Override
      public void publish(LogRecord entry) {
        complaints.add(entry.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    Logger.getLogger("dev.chatgateway").addHandler(listening);
    try {
      long rev = Long.parseLong(
          TestRedis.<String>ask(redis -> redis.hget(two.key(ticket, "meta"), "rev")));
      TestRedis.run(redis -> {
        for (int i = 0; i < 50; i++) {
          redis.sendCommand(
              publishing(redis), channel(), bytes("1 z " + epoch + " 1 " + (rev + 1) + "\n"));
        }
      });
      ana.say(ticket, "m2");
      noor.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);
    } finally {
      Logger.getLogger("dev.chatgateway").removeHandler(listening);
    }
    assertThat(complaints).singleElement().asString().contains("ticket " + ticket, "broken");
  }

  // As the pods do: on a server that has them, tickets are heard on sharded channels.
  private static Protocol.Command publishing(Jedis redis) {
    return redis.info("server").contains("redis_version:6.")
        ? Protocol.Command.PUBLISH
        : Protocol.Command.SPUBLISH;
  }

  private byte[] channel() {
    return bytes(two.pods.keyPrefix() + "{t:" + ticket + "}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
