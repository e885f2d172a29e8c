package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PollingClient;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.Tokens;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of a WebSocket through a pod that doesn't have its session, one side reads nothing. */
class ForwardingBackPressureIT {
  private static final String TICKET = "101";
  private static final String CLOSED = "chat_connections_closed_total{code=\"4408\"} ";
  private static final int TEXT_LENGTH = 8_000;
  // More than all buffers of the kernel on the way hold: 4 MB to send, twice, and 32 MB received.
  private static final long ENOUGH_BYTES = 80 << 20;

  private final ForwardingPods pods = new ForwardingPods(
      "chat.limits.outbound-queue", "1M",
      "chat.limits.messages.per-second", "1000000",
      "chat.limits.messages.burst", "1000000",
      "chat.limits.user-messages.per-second", "1000000",
      "chat.limits.user-messages.burst", "1000000",
      "chat.limits.frames.per-second", "1000000",
      "chat.limits.frames.burst", "1000000");
  private final PodProcess owner = pods.owner;
  private final PodProcess other = pods.other;

  @AfterEach
  void stop() {
    pods.close();
  }

  @Test
  void aClientThatNeverReadsIsClosedAsTooSlowAndItsConnectionCut() {
    try (ChatClient noor = owner.connect();
        RawSocket deaf = upgraded()) {
      noor.authenticate(Tokens.admin("noor").sign());
      noor.join(TICKET);
      deaf.write(RawSocket.text("42[\"join_ticket_chat\",{\"ticket_id\":\"" + TICKET + "\"}]"));
      noor.awaitEvent("user_joined");

      // Not with answers to what it asks, which wait for their place.
      for (long sent = 0; closedAsTooSlow() == 0; ) {
        assertThat(sent).as("bytes until it is closed").isLessThan(ENOUGH_BYTES);
        for (int i = 0; i < 100; i++) {
          noor.say(TICKET, "x".repeat(TEXT_LENGTH));
          sent += TEXT_LENGTH;
        }
      }

      await("the end of what it never reads from")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThatThrownBy(() -> deaf.write(RawSocket.text("3")))
              .isInstanceOf(UncheckedIOException.class));
    }
  }

  @Test
  void aClientCanSendNoMoreThanTheFrozenPodTakesAndGoesOnAfterwards() {
    byte[] pong = RawSocket.text("3" + " ".repeat(16_000));
    AtomicLong sent = new AtomicLong();
    try (RawSocket client = upgraded()) {
      Thread sending = new Thread(() -> {
        while (sent.get() < ENOUGH_BYTES) {
          client.write(pong);
          sent.addAndGet(pong.length);
        }
      });
      sending.setDaemon(true);
      owner.pause();
      try {
        sending.start();
        AtomicLong before = new AtomicLong();
        await("no more to be sent")
            .pollInterval(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(30))
            .until(() -> before.getAndSet(sent.get()) == sent.get());
        assertThat(sent).hasValueLessThan(ENOUGH_BYTES);
      } finally {
        owner.resume();
      }
      await("all taken").atMost(Duration.ofSeconds(30)).until(() -> !sending.isAlive());
      client.write(RawSocket.text("421[\"join_ticket_chat\",{\"ticket_id\":\"" + TICKET + "\"}]"));
      client.readText("431[{\"ok\":true");
    }
  }

  private RawSocket upgraded() {
    URI uri = other.http(
        "/socket.io/?EIO=4&transport=websocket&sid=" + PollingClient.open(owner).sid());
    RawSocket raw = RawSocket.open(uri, 4_096, new byte[0]);
    raw.write(RawSocket.text("2probe"));
    raw.readText("3probe");
    String token = Tokens.user("ana").tickets(TICKET).sign();
    raw.write(RawSocket.text("5"), RawSocket.text("40{\"token\":\"" + token + "\"}"));
    raw.readText("chat_authenticated");
    return raw;
  }

  private int closedAsTooSlow() {
    return PodProcess.get(owner.management("/q/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith(CLOSED))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(CLOSED.length())))
        .sum();
  }
}
