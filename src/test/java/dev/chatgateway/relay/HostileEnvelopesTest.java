package dev.chatgateway.relay;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static dev.chatgateway.testing.TwoPods.range;
import static dev.chatgateway.testing.TwoPods.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.TwoPods;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol;

/** Whoever can publish to Redis can send a pod anything. */
class HostileEnvelopesTest {
  private final int ticket = newTicket();
  private final TwoPods two = new TwoPods(
      "chat.limits.typing.burst", "1000",
      "chat.limits.messages.burst", "1000",
      "chat.limits.user-messages.burst", "1000");
  private final TestClient ana = in(two.a, "u:ana;tickets=" + ticket, ticket);
  private final TestClient noor = in(two.b, "u:noor;admin", ticket);
  private final TestClient outside = two.b.connect("u:olga;admin");
  private final List<String> complaints = new ArrayList<>();
  private final Handler listening = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
        synchronized (complaints) {
          complaints.add(entry.getMessage());
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };
  private String epoch;
  private int said;

  @BeforeEach
  void begin() {
    Logger.getLogger("dev.chatgateway").addHandler(listening);
    epoch = ana.say(ticket, "m" + ++said).get("epoch").asText();
  }

  @AfterEach
  void stop() {
    Logger.getLogger("dev.chatgateway").removeHandler(listening);
    two.close();
  }

  @Test
  void whatIsNoEnvelopeChangesNothing() {
    Random random = new Random(3);
    byte[] noise = new byte[2000];
    random.nextBytes(noise);
    publish(noise);
    for (String text : List.of(
        "",
        "\n",
        "1",
        "nonsense",
        "2 m " + epoch + " 2 9 x 1 ana\n{}",
        "1 m",
        "1 m  2 9",
        "1 m " + epoch + " x 9 id 1 ana\n{}",
        "1 ? " + epoch + " 1 99\n",
        "1 m " + epoch + " 2 9",
        "1 m " + epoch + " -2 9 id 1 ana\n{}",
        "x".repeat(300_000))) {
      publish(text);
      say();
    }
    everythingOnceInOrder();
  }

  @Test
  void aFarAheadOrForeignEnvelopeIsNotBelieved() {
    for (String head : List.of(
        epoch + " 1000 0",
        epoch + " 9223372036854775807 0",
        epoch + " 3 999",
        "other 2 0",
        "other 1 1",
        " 1 1")) {
      for (char kind : new char[] {'m', 's', 't', 'j', 'l', 'u', 'k', 'x'}) {
        publish("1 " + kind + " " + head + " id 1 ana\n{}");
      }
      say();
    }
    everythingOnceInOrder();
  }

  @Test
  void theNextNumberWithABodyThatIsNoneDoesNotTakeItsPlace() {
    for (String rest : List.of(
        " id 1 ana\nnot json",
        " id 1 ana\n[]",
        " id 1 ana\n",
        " id 1 ana\n{\"a\":1,\"a\":2}",
        " bad/id 1 ana\n{}",
        " id x ana\n{}",
        " id -1 ana\n{}",
        "\n{}",
        " id 1 ana\n" + "{\"a\":".repeat(5000) + "1" + "}".repeat(5000))) {
      publish("1 m " + epoch + " " + (said + 1) + " " + rev() + rest);
      say();
    }
    everythingOnceInOrder();
  }

  @Test
  void theNextEventWithWordsThatAreNoneDoesNotTakeItsPlace() {
    for (String event : List.of(
        "s 1 ana r\nbad/id",
        "s 1 ana x\nid",
        "s x ana r\nid",
        "s 1",
        "t 1 ana 1 x\nAna",
        "t 1",
        "j 1 ana 0 x\nAna",
        "j 1 ana 0 1\n" + "x".repeat(5000),
        "l 1",
        "u 1\nnot json",
        "k 1",
        "k 1 bad/id 1",
        "z 1 2 3")) {
      publish("1 " + event.charAt(0) + " " + epoch + " " + said + " " + (rev() + 1)
          + event.substring(1));
      ana.ok("typing_start", Map.of("ticket_id", ticket));
      noor.awaitEvent("user_typing", e -> e.get("is_typing").asBoolean());
      ana.ok("typing_stop", Map.of("ticket_id", ticket));
      noor.awaitEvent("user_typing", e -> !e.get("is_typing").asBoolean());
      say();
    }
    everythingOnceInOrder();
  }

  @Test
  void aForgedNextMessageCostsARestartOfTheRoomAndNoMore() {
    publish("1 m " + epoch + " 2 " + rev() + " forged 1 ana\n{\"text\":\"forged\"}");
    noor.awaitEvent("new_message", m -> m.get("text").asText().equals("forged"));
    JsonNode real = ana.say(ticket, "real");
    for (Client client : List.of(ana, noor)) {
      JsonNode joined = client.awaitEvent("joined_ticket_chat");
      assertThat(joined.get("messages").findValuesAsText("text")).containsExactly("m1", "real");
      assertThat(joined.get("epoch")).isNotEqualTo(real.get("epoch"));
    }
    ana.say(ticket, "after");
    noor.awaitEvent("new_message", m -> m.get("text").asText().equals("after"));
    assertThat(complaints).isEmpty();
  }

  @Test
  void nonsenseToAllPodsChangesNothing() {
    for (String text : List.of(
        "",
        "1",
        "nonsense",
        "2 a alarm\n{}",
        "1 a",
        "1 a Not-A-Name\n{}",
        "1 a alarm\nnot json",
        "1 a alarm\n[]",
        "1 n",
        "1 n 1 2 3",
        "1 n x y z id 1\nAna\nhi",
        "1 n 1 1 bad/id id 1\nA\nb",
        "1 n 1 99999999999999999999 ana id 1\nA\nb",
        "1 n 9223372036854775807 9223372036854775807",
        "1 v bad/id\n{}",
        "1 v 1\nnot json",
        "1 c",
        "1 c olga x",
        "1 f olga",
        "1 f olga bad/id 1",
        "1 k",
        "1 k olga",
        "1 k olga x",
        "1 u",
        "1 u olga",
        "1 u olga fence\nnot json",
        "x".repeat(200_000))) {
      publish(two.pods.keyPrefix() + "pods", text.getBytes(StandardCharsets.UTF_8));
    }
    say();
    JsonNode notice =
        outside.awaitEvent("ticket_message_notification", n -> n.get("seq").asInt() == said);
    assertThat(notice.get("ticket_id").asInt()).isEqualTo(ticket);
    assertThat(outside.events("alarm")).isEmpty();
    assertThat(outside.isClosed()).isFalse();
    everythingOnceInOrder();
  }

  private void everythingOnceInOrder() {
    for (Client client : List.of(ana, noor)) {
      eventually("all of it", () -> seqs(client, ticket).contains((long) said));
      assertThat(seqs(client, ticket)).isEqualTo(range(1, said));
      assertThat(client.events("joined_ticket_chat")).isEmpty();
      assertThat(client.isClosed()).isFalse();
    }
    assertThat(complaints).isEmpty();
  }

  private void say() {
    ana.say(ticket, "m" + ++said);
  }

  private long rev() {
    String rev = TestRedis.ask(redis -> redis.hget(two.key(ticket, "meta"), "rev"));
    return Long.parseLong(rev);
  }

  private void publish(String text) {
    publish(text.getBytes(StandardCharsets.UTF_8));
  }

  // As the pods do: on a server that has them, tickets are heard on sharded channels.
  private void publish(byte[] bytes) {
    byte[] channel = (two.pods.keyPrefix() + "{t:" + ticket + "}").getBytes(StandardCharsets.UTF_8);
    Object heard = TestRedis.<Object>ask(redis -> redis.sendCommand(
        redis.info("server").contains("redis_version:6.")
            ? Protocol.Command.PUBLISH
            : Protocol.Command.SPUBLISH,
        channel,
        bytes));
    assertThat((Long) heard).as("pods that hear it").isEqualTo(2L);
  }

  private static void publish(String channel, byte[] bytes) {
    TestRedis.run(redis -> redis.publish(channel.getBytes(StandardCharsets.UTF_8), bytes));
  }
}
