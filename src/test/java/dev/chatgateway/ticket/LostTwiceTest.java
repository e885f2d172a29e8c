package dev.chatgateway.ticket;

import static dev.chatgateway.testing.TwoPods.eventually;
import static dev.chatgateway.testing.TwoPods.in;
import static dev.chatgateway.testing.TwoPods.newTicket;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.chaos.fault.TcpProxy;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import dev.chatgateway.testing.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that is in a room, and that the store loses once more just after the pod has stored it
 * again: Redis was replaced by an empty one, or the pod took another lease meanwhile.
 */
class LostTwiceTest {
  private final int ticket = newTicket();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final TcpProxy network = new TcpProxy(vertx, TestRedis.port(), 1);
  private final TestPods pods = new TestPods("chat.redis.command-timeout", "10s");
  private final TestPods.TestPod pod = pods.start(TestRedis.uriThrough(network.port()));
  private final String members = pods.keyPrefix() + "{t:" + ticket + "}:members";

  @AfterEach
  void stop() {
    network.heal();
    pods.close();
    network.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "send_message",
        "get_messages",
        "get_message_status",
        "get_typing_users",
        "get_participants",
        "typing_start",
        "mark_messages_read"
      })
  void whatItAsksIsToBeTriedAgain(String event) {
    TestClient ana = in(pod, "u:ana;tickets=" + ticket, ticket);
    TestRedis.run(redis -> redis.del(members));
    network.holdAnswerTo("\r\nUser ana\r\n$1\r\n0\r\n$"); // as only a join has it

    long asked = ana.ask(event, data(event));
    eventually("ana stored again", () -> TestRedis.<Boolean>ask(r -> r.exists(members)));
    TestRedis.run(redis -> redis.del(members));
    network.heal();

    JsonNode reply = ana.awaitReply(asked, Client.PATIENCE);
    assertThat(reply.get("ok").asBoolean()).as("%s", reply).isFalse();
    assertThat(reply.at("/error/code").asText()).as("%s", reply).isEqualTo("unavailable");
    assertThat(reply.at("/error/retry").asBoolean()).isTrue();
    JsonNode again = ana.awaitReply(ana.ask(event, data(event)), Client.PATIENCE);
    assertThat(again.get("ok").asBoolean()).as("%s", again).isTrue();
  }

  private Map<String, Object> data(String event) {
    Map<String, Object> data = new HashMap<>(Map.of("ticket_id", ticket));
    switch (event) {
      case "send_message" -> data.putAll(Map.of("text", "hello", "client_id", "c1"));
      case "get_message_status" -> data.put("message_ids", List.of("m1"));
      case "mark_messages_read" -> data.put("up_to_seq", 1);
      default -> {}
    }
    return data;
  }
}
