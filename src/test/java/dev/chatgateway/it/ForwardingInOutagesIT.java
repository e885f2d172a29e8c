package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PollingClient;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests of a Socket.IO session come to a pod that doesn't have it, and Redis does not say which pod
 * has it.
 */
class ForwardingInOutagesIT {
  private static final String TICKET = "101";
  private static final String PONG = "3";
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

  private final ForwardingPods pods = new ForwardingPods("chat.presence.lease", "3s");
  private final PodProcess owner = pods.owner;
  private final PodProcess other = pods.other;
  private final String ana = Tokens.user("ana").tickets(TICKET).sign();

  @AfterEach
  void stop() {
    pods.close();
  }

  private boolean isAnnounced(PollingClient client) {
    String pod = client.sid().split("\\.")[0];
    return TestRedis.ask(redis -> redis.exists(pods.keyPrefix + "{p:" + pod + "}:address"));
  }

  private void awaitForgotten(PollingClient client) {
    await().atMost(Duration.ofSeconds(15)).until(() -> !isAnnounced(client));
  }

  private static void awaitLongerThanACommand(CompletableFuture<?> answer) {
    await("longer than Redis may take to answer")
        .during(COMMAND_TIMEOUT.plusSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> !answer.isDone());
  }

  /** As after a failover, while the new primary has no replica. */
  private static void minReplicas(int count) {
    TestRedis.run(redis -> redis.configSet("min-replicas-to-write", Integer.toString(count)));
  }

  @Test
  void theSessionGoesOnWhileRedisTakesNothing() {
    try (PollingClient client = PollingClient.joined(owner, other, ana, TICKET)) {
      minReplicas(1);
      try {
        awaitForgotten(client);
        client.post(PONG);
        client.post("421[\"get_participants\",{\"ticket_id\":\"" + TICKET + "\"}]");
        client.await("431[");
        assertThat(isAnnounced(client)).isFalse();
      } finally {
        minReplicas(0);
      }
    }
  }

  @Test
  @Proof
  void soItDoesWhileRedisComesBackEmpty() {
    try (PollingClient client = PollingClient.joined(owner, other, ana, TICKET);
        ChatClient noor = other.connect()) {
      noor.authenticate(Tokens.admin("noor").sign());
      noor.join(TICKET);
      TestRedis.kill();
      try {
        noor.awaitEvent("degraded");
        client.post(PONG);
      } finally {
        TestRedis.start();
      }
      do {
        client.post(PONG);
      } while (!isAnnounced(client));
      noor.awaitEvent("restored");
      client.await("restored");
      noor.say(TICKET, "back again");
      client.await("back again");
    }
  }

  @Test
  @Proof
  void aPodThatHasNotBeenFoundBeforeIsLookedForUntilRedisIsBack() throws Exception {
    try (ChatClient noor = other.connect();
        PollingClient client = PollingClient.joined(owner, owner, ana, TICKET)) {
      noor.authenticate(Tokens.admin("noor").sign());
      CompletableFuture<Void> posted;
      TestRedis.pause();
      try {
        noor.awaitEvent("degraded");
        client.at(other);
        posted = CompletableFuture.runAsync(() -> client.post(PONG));
        awaitLongerThanACommand(posted);
      } finally {
        TestRedis.resume();
      }
      posted.get(10, TimeUnit.SECONDS);
      client.await("restored");
    }
  }

  @Test
  @Proof
  void aSessionOfNoPodIsUnknownOncePodsHaveHadTheTimeToMakeThemselvesKnown() throws Exception {
    try (ChatClient noor = other.connect()) {
      noor.authenticate(Tokens.admin("noor").sign());
      CompletableFuture<HttpResponse<String>> answer;
      TestRedis.pause();
      try {
        noor.awaitEvent("degraded");
        String uri = "/socket.io/?EIO=4&transport=polling&sid=0123abcv." + "A".repeat(22);
        answer = HttpClient.newHttpClient()
            .sendAsync(HttpRequest.newBuilder(other.http(uri)).build(), BodyHandlers.ofString());
        awaitLongerThanACommand(answer);
      } finally {
        TestRedis.resume();
      }
      assertThat(answer.get(20, TimeUnit.SECONDS).body()).contains("Session ID unknown");
    }
  }

  @Test
  @Proof
  void whereThePodThatHasItStandsStillItIsUnknown() {
    try (PollingClient client = PollingClient.open(owner).at(other)) {
      client.post(PONG);
      owner.pause();
      try {
        awaitForgotten(client);
        assertThat(client.poll().awaitEnd()).contains("400");
      } finally {
        owner.resume();
      }
    }
  }
}
