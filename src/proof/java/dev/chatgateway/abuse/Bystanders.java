package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.Tokens;
import dev.chatgateway.testing.TwoPods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Well-behaved clients of a pod under abuse, through both doors: they talk in a room of their own
 * all the while, and each message must reach each of them once, in order and soon.
 */
final class Bystanders implements AutoCloseable {
  /** How long a message may take to everyone, on a machine that attackers keep busy as well. */
  private static final Duration SOON = Duration.ofSeconds(8);

  private static final long EVERY_MS = 150;

  private final String ticket = "calm-" + UUID.randomUUID();
  private final List<Client> clients = new ArrayList<>();
  private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private volatile Throwable trouble;

  private Bystanders() {}

  /** Has four of them begin to talk; what the pod holds with them is remembered as its own. */
  static Bystanders on(AbusedPod pod) {
    Bystanders all = new Bystanders();
    for (String name : List.of("ann", "ben")) {
      String token = Tokens.user(name).tickets(all.ticket).sign();
      all.clients.add(ChatClient.to(pod.chat()).bearer(token).connect());
      all.clients.add(SocketIoClient.connect(pod.chat(), token));
    }
    for (Client client : all.clients) {
      client.awaitEvent("chat_authenticated");
      client.join(all.ticket);
    }
    all.talk();
    pod.remember();
    all.clock.scheduleWithFixedDelay(all::talkOn, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    return all;
  }

  private void talkOn() {
    if (trouble == null) {
      try {
        talk();
      } catch (Throwable e) {
        trouble = e;
      }
    }
  }

  private void talk() {
    long began = System.nanoTime();
    int said = millis.size() + 1;
    long ref = speaker(said).ask("send_message", new Said(ticket, "calm " + said));
    for (Client client : clients) {
      client.awaitEvent("new_message", message -> message.get("seq").asInt() == said, SOON);
    }
    assertThat(speaker(said).awaitReply(ref, SOON).get("ok").asBoolean()).isTrue();
    millis.add((System.nanoTime() - began) / 1_000_000);
  }

  private Client speaker(int said) {
    return clients.get(said % clients.size());
  }

  /** Requires that everyone has heard everything so far. */
  void requireUndisturbed(String during) {
    clock.shutdown();
    try {
      assertThat(clock.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (trouble != null) {
      throw new AssertionError("bystanders were disturbed by " + during, trouble);
    }
    List<Long> all = TwoPods.range(1, millis.size());
    for (Client client : clients) {
      assertThat(client.events("new_message"))
          .extracting(message -> message.get("seq").asLong())
          .containsExactlyElementsOf(all);
      assertThat(client.events("error")).isEmpty();
    }
    List<Long> sorted = millis.stream().sorted().toList();
    System.out.printf(
        "%s: %d messages reached all bystanders, median %d ms, 99%% %d ms, slowest %d ms%n",
        during,
        sorted.size(),
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 99 / 100),
        sorted.get(sorted.size() - 1));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    clients.forEach(Client::abort);
  }

  private record Said(String ticket_id, String text) {}
}
