package dev.chatgateway.presence;

import static dev.chatgateway.testing.TwoPods.call;
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
import dev.chatgateway.testing.TwoPods;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the ticket system orders while a pod hasn't heard yet that the store has taken a client in: the
 * order reaches the pod first.
 */
class LateAnswersTest {
  private final int ticket = newTicket();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final TcpProxy network = new TcpProxy(vertx, TestRedis.port(), 1);
  private final TestPods pods = new TestPods();
  private final TestPods.TestPod here = pods.start(TestRedis.uriThrough(network.port()));
  private final TestPods.TestPod there = pods.start();

  @AfterEach
  void stop() {
    network.heal();
    pods.close();
    network.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whoIsAuthenticatingIsClosedWithTheUsersOtherConnections() {
    TestClient bystander = here.connect("u:bystander");
    List<TestClient> both = List.of(here.connect(), here.connect()); // one on each loop
    network.holdAnswerTo("\r\n" + here.pod().id() + "\r\n"); // as only a connection is stored with
    both.forEach(client -> client.ask("chat_authenticate", Map.of("token", "u:ana")));
    eventually("both in the store", () -> connections("ana") == 2);

    assertThat(TwoPods.<Long>call(there, link -> there.pod().users().close(link, "ana", -1)))
        .isEqualTo(2);
    byte[] nothing = "{}".getBytes(StandardCharsets.US_ASCII);
    call(there, link -> there.pod().users().event(link, "bystander", "fence", nothing));
    bystander.awaitEvent("fence");
    assertThat(both).noneMatch(Client::isClosed);
    network.heal();

    for (TestClient client : both) {
      assertThat(client.awaitClose().code()).isEqualTo(4401);
    }
    eventually("nobody in the store", () -> connections("ana") == 0);
    assertThat(bystander.isClosed()).isFalse();
    String newer = "u:ana;iat=" + (System.currentTimeMillis() / 1000 + 2);
    here.connect(newer).ok("chat_authenticate", Map.of("token", newer));
  }

  @Test
  void whoIsEnteringARoomIsPutOutLikeThoseInIt() {
    TestClient noor = in(here, "u:noor;admin", ticket);
    TestClient olga = in(there, "u:olga;admin", ticket);
    TestClient ana = here.connect("u:ana;tickets=" + ticket);
    network.holdAnswerTo("\r\nana\r\n");
    long asked = ana.ask("join_ticket_chat", Map.of("ticket_id", ticket));
    olga.awaitEvent("user_joined", who -> who.get("user_id").asText().equals("ana"));

    assertThat(TwoPods.<Boolean>call(
            there, link -> there.pod().tickets().remove(link, "" + ticket, "ana", false)))
        .isTrue();
    olga.say(ticket, "fence");
    noor.awaitEvent("new_message");
    network.heal();

    JsonNode reply = ana.awaitReply(asked, Client.PATIENCE);
    assertThat(reply.get("ok").asBoolean()).as("%s", reply).isFalse();
    assertThat(ana.refused("join_ticket_chat", Map.of("ticket_id", ticket))
            .get("code")
            .asText())
        .isEqualTo("forbidden");
    olga.say(ticket, "not for ana");
    noor.awaitEvent("new_message", message -> message.get("seq").asInt() == 2);
    assertThat(ana.events("new_message")).isEmpty();
    assertThat(TestRedis.<Boolean>ask(
            redis -> redis.hexists(pods.keyPrefix() + "{t:" + ticket + "}:users", "ana")))
        .isFalse();
  }

  private long connections(String user) {
    return TestRedis.ask(redis -> redis.hlen(pods.keyPrefix() + "{u:" + user + "}:conns"));
  }
}
