package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.Client;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PollingClient;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.SocketIoClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pod is told to stop, as by an orchestrator's SIGTERM. */
class StoppingPodIT {
  private static final String TICKET = "101";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String prefix = RedisResource.newKeyPrefix();
  private final List<AutoCloseable> open = new ArrayList<>();

  private PodProcess pod(String... more) {
    String[] settings = new String[more.length + 6];
    List.of(
            "chat.redis.key-prefix",
            prefix,
            "chat.presence.lease",
            "2s",
            "chat.presence.heartbeat",
            "200ms")
        .toArray(settings);
    System.arraycopy(more, 0, settings, 6, more.length);
    PodProcess pod = PodProcess.start(settings);
    open.add(pod);
    return pod;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void itsClientsGoToOtherPodsAndWhoIsBackInTimeNeverLeft() {
    PodProcess stopping = pod("chat.presence.grace", "5s", "chat.drain.spread", "500ms");
    PodProcess other = pod();
    ChatClient noor = joined(other, Tokens.admin("noor"));
    ChatClient ana = joined(stopping, customer("ana"));
    SocketIoClient ben =
        SocketIoClient.connect(stopping.http("/"), customer("ben").sign());
    ben.join(TICKET);
    PollingClient cleo =
        PollingClient.joined(stopping, stopping, customer("cleo").sign(), TICKET);
    PollingClient dan = PollingClient.joined(stopping, other, customer("dan").sign(), TICKET);
    ChatClient pia = joined(stopping, customer("pia"));
    for (int i = 0; i < 5; i++) {
      noor.awaitEvent("user_joined");
    }

    stopping.stop();

    for (Client client : List.of(ana, ben, pia)) {
      assertThat(client.awaitClose().code()).isEqualTo(1012);
      List<JsonNode> told = client.events("reconnect");
      assertThat(told).hasSize(1);
      assertThat(told.get(0).get("reason").asText()).isEqualTo("stopping");
      assertThat(told.get(0).get("delay_ms").asLong()).isBetween(0L, 500L);
    }
    // A Socket.IO client comes back by itself when it loses its transport, and only then.
    assertThat(ben.events("disconnect")).isEmpty();
    for (PollingClient client : List.of(cleo, dan)) {
      assertThat(client.awaitEnd()).isEqualTo("closed");
      assertThat(client.packets().stream().filter(packet -> packet.contains("reconnect")))
          .hasSize(1);
      assertThat(client.packets()).noneMatch(packet -> packet.startsWith("41"));
    }
    for (String user : List.of("ana", "ben", "cleo", "dan")) {
      joined(other, customer(user));
    }
    stopping.awaitExit(PATIENCE);
    assertThat(stopping.log().lines())
        .noneMatch(line -> line.matches("[-\\d]+ \\S+ (WARN|ERROR) .*"));
    noor.awaitEvent("user_left", user("pia"));
    awaitSwept();
    noor.say(TICKET, "fence");
    noor.awaitEvent("new_message");
    assertThat(noor.events("user_left")).hasSize(1);
    assertThat(noor.events("user_joined")).hasSize(5);
    assertThat(new TicketSystemCalls(other).participants(TICKET))
        .containsExactlyInAnyOrder("noor", "ana", "ben", "cleo", "dan");
  }

  @Test
  @Proof
  void stopLogsNoErrorWhileWhatItsClientsLeaveCannotBeStored() {
    RedisServer redis = RedisServer.start(new RedisSetup());
    open.add(redis);
    PodProcess stopping = pod("quarkus.redis.hosts", redis.uri(), "chat.redis.key-prefix", "chat:");
    for (int i = 0; i < 50; i++) {
      joined(stopping, customer("user-" + i));
    }
    redis.kill();

    stopping.stop();
    stopping.stop(); // at once

    stopping.awaitExit(PATIENCE);
    assertThat(stopping.log().lines())
        .noneMatch(line -> line.contains("ERROR") || line.contains("Exception"));
  }

  @Test
  @Proof
  void itServesOnThoughUnreadyAndThenTakesNoMore() {
    PodProcess stopping = pod("chat.drain.delay", "6s", "chat.drain.spread", "4s");
    ChatClient ana = joined(stopping, customer("ana"));

    stopping.stop();

    await().atMost(Duration.ofSeconds(4)).until(() -> !isReady(stopping));
    ana.say(TICKET, "still served");
    List<ChatClient> late = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      late.add(joined(stopping, customer("late-" + i)));
    }
    assertThat(ana.events("reconnect")).isEmpty();

    ana.awaitEvent("reconnect");
    HttpResponse<?> refusal = ChatClient.to(stopping.http("/chat")).refusal();
    assertThat(refusal.statusCode()).isEqualTo(503);
    assertThat(refusal.headers().firstValueAsLong("Retry-After")).hasValue(1);
    HttpResponse<String> handshake =
        PodProcess.get(stopping.http("/socket.io/?EIO=4&transport=polling"));
    assertThat(handshake.statusCode()).isEqualTo(503);
    assertThat(handshake.headers().firstValueAsLong("Retry-After")).hasValue(1);
    late.forEach(client -> assertThat(client.awaitClose().code()).isEqualTo(1012));
    stopping.awaitExit(PATIENCE);
  }

  @Test
  @Proof
  void connectionsAreSentAwayEvenly() {
    PodProcess stopping = pod("chat.drain.rate", "10", "chat.drain.spread", "500ms");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(joined(stopping, customer("plain-" + i)));
      clients.add(
          SocketIoClient.connect(stopping.http("/"), customer("sio-" + i).sign()));
    }
    Set<Integer> seen = new HashSet<>();

    stopping.stop();

    long begun = System.nanoTime();
    await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> {
      int closed = (int) clients.stream().filter(Client::isClosed).count();
      seen.add(closed);
      return closed == clients.size();
    });
    // Forty of them at ten a second; a test machine that stands still may hide some steps.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(3));
    assertThat(seen).hasSizeGreaterThan(10);
    assertThat(clients).allMatch(client -> client.awaitClose().code() == 1012);
    assertThat(clients.stream()
            .map(client -> client.events("reconnect").get(0).get("delay_ms").asLong())
            .distinct())
        .hasSizeGreaterThan(10)
        .allMatch(delay -> delay < 500);
    stopping.awaitExit(PATIENCE);
  }

  @Test
  void whatWasAcceptedIsStoredAndWhatWasNotMayBeSentAgain() {
    String[] unlimited = {
      "chat.drain.spread", "1s",
      "chat.limits.messages.burst", "1000",
      "chat.limits.user-messages.burst", "1000",
      "chat.limits.frames.burst", "1000"
    };
    PodProcess stopping = pod(unlimited);
    PodProcess other = pod(unlimited);
    Client ana = joined(stopping, customer("ana"));
    SocketIoClient ben =
        SocketIoClient.connect(stopping.http("/"), customer("ben").sign());
    ben.join(TICKET);
    Map<String, Long> byAna = new LinkedHashMap<>();
    Map<String, Long> byBen = new LinkedHashMap<>();
    say(ana, "ana-0", byAna); // either may be sent away at once
    say(ben, "ben-0", byBen);

    stopping.stop();

    // One after the other, as far as it goes.
    await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> {
      say(ana, "ana-" + byAna.size(), byAna);
      say(ben, "ben-" + byBen.size(), byBen);
      return ana.isClosed() && ben.isClosed();
    });
    sendAgain(joined(other, customer("ana")), unanswered(ana, byAna));
    sendAgain(joined(other, customer("ben")), unanswered(ben, byBen));
    ChatClient noor = joined(other, Tokens.admin("noor"));
    List<String> stored = new ArrayList<>();
    noor.ok("get_messages", Map.of("ticket_id", TICKET, "after_seq", 0, "limit", 100))
        .get("messages")
        .forEach(message -> stored.add(message.get("client_id").asText()));
    Set<String> sent = new HashSet<>(byAna.keySet());
    sent.addAll(byBen.keySet());
    assertThat(stored).containsExactlyInAnyOrderElementsOf(sent);
    stopping.awaitExit(PATIENCE);
  }

  private static void say(Client client, String id, Map<String, Long> asked) {
    if (!client.isClosed() && asked.size() < 45) {
      asked.put(id, client.ask("send_message", message(id)));
    }
  }

  /** What was not accepted; some of it was. */
  private static List<String> unanswered(Client client, Map<String, Long> asked) {
    List<String> unanswered = new ArrayList<>();
    asked.forEach((id, ref) -> {
      try {
        assertThat(client.awaitReply(ref, Duration.ZERO).get("ok").asBoolean()).isTrue();
      } catch (AssertionError none) {
        unanswered.add(id);
      }
    });
    assertThat(unanswered).hasSizeLessThan(asked.size());
    return unanswered;
  }

  private static void sendAgain(Client back, List<String> ids) {
    ids.forEach(id -> back.ok("send_message", message(id)));
  }

  private static Map<String, Object> message(String id) {
    return Map.of("ticket_id", TICKET, "text", id, "client_id", id);
  }

  @Test
  @Proof
  void aSecondSignalEndsItAtOnce() {
    PodProcess stopping = pod("chat.drain.delay", "120s");
    ChatClient ana = joined(stopping, customer("ana"));
    stopping.stop();
    await().atMost(PATIENCE).until(() -> !isReady(stopping));

    stopping.stop();

    assertThat(ana.awaitClose().code()).isEqualTo(1012);
    assertThat(ana.events("reconnect")).hasSize(1);
    stopping.awaitExit(PATIENCE);
  }

  @Test
  @Proof
  void theDeadlineEndsItThoughSomebodyHasNotHeardYet() {
    PodProcess stopping = pod("chat.drain.spread", "0s", "chat.drain.timeout", "3s");
    PollingClient silent =
        PollingClient.joined(stopping, stopping, customer("silent").sign(), TICKET);
    silent.pause();
    joined(stopping, customer("ana")); // a poll that waits is told of it
    silent.awaitPaused();

    long begun = System.nanoTime();
    stopping.stop();

    stopping.awaitExit(PATIENCE);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  @Proof
  void aSessionThatHasNotEnteredIsClosedToo() {
    PodProcess stopping = pod("chat.socketio.connect-timeout", "60s");
    PollingClient polling = PollingClient.open(stopping).poll();

    stopping.stop();

    assertThat(polling.awaitEnd()).isEqualTo("closed");
    stopping.awaitExit(PATIENCE);
  }

  private static boolean isReady(PodProcess pod) {
    return PodProcess.get(pod.management("/q/health/ready")).statusCode() == 200;
  }

  private void awaitSwept() {
    await()
        .atMost(PATIENCE)
        .until(() -> TestRedis.<Long>ask(redis -> redis.zcard(prefix + "{pods}:leases")) == 1);
  }

  private static Predicate<JsonNode> user(String id) {
    return event -> event.get("user_id").asText().equals(id);
  }

  private static Tokens customer(String user) {
    return Tokens.user(user).tickets(TICKET);
  }

  private static ChatClient joined(PodProcess pod, Tokens token) {
    ChatClient client = pod.connect();
    client.authenticate(token.sign());
    client.join(TICKET);
    return client;
  }
}
