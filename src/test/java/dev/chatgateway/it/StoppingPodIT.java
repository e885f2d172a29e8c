package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A pod is told to stop, as by an orchestrator's SIGTERM. */
class StoppingPodIT {
  private static final String TICKET = "101";

  @Test
  void sendsItsClientsToOtherPodsAndLeavesNoGhosts() {
    String[] settings = {"chat.redis.key-prefix", RedisResource.newKeyPrefix()};
    try (PodProcess stopping = PodProcess.start(settings);
        PodProcess other = PodProcess.start(settings)) {
      ChatClient ana = joined(stopping, Tokens.user("ana").tickets(TICKET));
      ChatClient noor = joined(other, Tokens.admin("noor"));

      stopping.stop();

      assertThat(ana.awaitEvent("reconnect").get("delay_ms").asLong())
          .isBetween(0L, TimeUnit.SECONDS.toMillis(5));
      assertThat(ana.awaitClose().code()).isEqualTo(1012);
      noor.awaitEvent("user_left", left -> left.get("user_id").asText().equals("ana"));
      assertThat(new TicketSystemCalls(other).participants(TICKET)).containsExactly("noor");
    }
  }

  /** A Socket.IO client comes back by itself when it loses its transport, and only then. */
  @Test
  void takesTheTransportFromSocketIoClientsAndNotTheNamespace() {
    try (PodProcess stopping =
        PodProcess.start("chat.redis.key-prefix", RedisResource.newKeyPrefix())) {
      SocketIoClient ana = SocketIoClient.connect(
          stopping.http("/"), Tokens.user("ana").tickets(TICKET).sign());
      ana.join(TICKET);

      stopping.stop();

      assertThat(ana.awaitClose().code()).isEqualTo(1012);
      assertThat(ana.events("reconnect")).hasSize(1);
      assertThat(ana.events("disconnect")).isEmpty();
    }
  }

  private static ChatClient joined(PodProcess pod, Tokens token) {
    ChatClient client = pod.connect();
    client.authenticate(token.sign());
    client.join(TICKET);
    return client;
  }
}
