package dev.chatgateway.abuse;

import static dev.chatgateway.testing.TwoPods.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.RawSocket;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that never read, in a room where much is said, cost little and hold up nobody. */
class NeverReadersIT {
  private static final int CROWD = Volume.of(120, 1_000);
  private static final int PER_USER = 20;
  private static final int MAX_MESSAGES = 1_500;
  private static final Duration SOON = Duration.ofSeconds(8);
  private static final long QUEUE = 64 << 10;
  // What the heap grows by, and the buffers of the loops.
  private static final long MEMORY_SLACK = 150L << 20;
  private static final String TICKET = "deaf";
  private static final String CLOSED = "chat_connections_closed_total{code=\"4408\"}";

  @Test
  void areClosedWhileOthersHearEverythingAtOnce() {
    try (AbusedPod pod = AbusedPod.start(
        "chat.limits.outbound-queue", Long.toString(QUEUE),
        "chat.limits.messages.per-second", "1000000",
        "chat.limits.user-messages.per-second", "1000000")) {
      pod.whileOthersTalk("clients that never read", () -> abuse(pod));
    }
  }

  private static void abuse(AbusedPod pod) {
    List<RawSocket> deaf = new ArrayList<>();
    String token = Tokens.admin("talker").sign();
    try (Client talker = ChatClient.to(pod.chat()).bearer(token).connect();
        Client listener =
            SocketIoClient.connect(pod.chat(), Tokens.admin("listener").sign())) {
      for (Client client : List.of(talker, listener)) {
        client.awaitEvent("chat_authenticated");
        client.join(TICKET);
      }
      for (int i = 0; i < CROWD; i++) {
        deaf.add(deaf(pod, i));
      }
      for (int i = 0; i < CROWD; i += PER_USER) {
        String user = "deaf-" + i / PER_USER;
        talker.awaitEvent(
            "user_joined", joined -> joined.get("user_id").asText().equals(user));
      }
      long memoryBefore = residentBytes(pod);
      long mostMemory = 0;
      long slowest = 0;
      int said = 0;
      String text = "\u20ac".repeat(4_500);
      while (pod.metric(CLOSED) < CROWD) {
        assertThat(said).as("messages until all are closed").isLessThan(MAX_MESSAGES);
        for (int i = 0; i < 20; i++) {
          slowest = Math.max(slowest, say(talker, listener, text, ++said));
        }
        mostMemory = Math.max(mostMemory, residentBytes(pod));
      }
      System.out.printf(
          "%d clients that never read: closed after %d messages, the slowest of which took %d ms; "
              + "resident memory rose by %d MB at most%n",
          CROWD, said, slowest, mostMemory - memoryBefore >> 20);
      assertThat(mostMemory - memoryBefore).isLessThan(CROWD * 2 * QUEUE + MEMORY_SLACK);
      for (Client client : List.of(talker, listener)) {
        assertThat(client.events("new_message"))
            .extracting(message -> message.get("seq").asLong())
            .containsExactlyElementsOf(range(1, said));
      }
    } finally {
      deaf.forEach(RawSocket::reset);
    }
  }

  private static RawSocket deaf(AbusedPod pod, int i) {
    String token = Tokens.admin("deaf-" + i / PER_USER).sign();
    String join = "{\"ticket_id\":\"" + TICKET + "\"}";
    if (i % 2 == 0) {
      RawSocket raw =
          RawSocket.open(pod.chat(), 4_096, new byte[0], "Authorization: Bearer " + token);
      raw.write(RawSocket.text("{\"event\":\"join_ticket_chat\",\"data\":" + join + "}"));
      return raw;
    }
    RawSocket raw = RawSocket.open(pod.socketIo(), 4_096, new byte[0]);
    raw.write(
        RawSocket.text("40{\"token\":\"" + token + "\"}"),
        RawSocket.text("42[\"join_ticket_chat\"," + join + "]"));
    return raw;
  }

  /** How long a message took to be accepted and heard, in milliseconds. */
  private static long say(Client talker, Client listener, String text, int seq) {
    long began = System.nanoTime();
    long ref = talker.ask("send_message", Map.of("ticket_id", TICKET, "text", text));
    for (Client client : List.of(talker, listener)) {
      client.awaitEvent("new_message", message -> message.get("seq").asInt() == seq, SOON);
    }
    assertThat(talker.awaitReply(ref, SOON).get("ok").asBoolean()).isTrue();
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static long residentBytes(AbusedPod pod) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pod.process().pid()), "status"))
              .stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          << 10;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
