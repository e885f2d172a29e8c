package dev.chatgateway.it;

import dev.chatgateway.testing.Nginx;
import dev.chatgateway.testing.NodeScripts;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The unmodified socket.io-client, through an nginx without sticky sessions, on three pods. Most
 * requests so come to a pod that doesn't own their session.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SocketIoClientIT {
  private static final int PODS = 3;
  private static final int CROWD = 500;
  private static final int CROWD_TICKETS = 50;
  private static final int PING_INTERVAL_MS = 3000;
  private static final Duration TALK = Duration.ofMinutes(2);
  private static final Duration CROWDED = Duration.ofMinutes(5);

  private static final List<PodProcess> PODS_RUNNING = new ArrayList<>();
  private static NodeScripts scripts;
  private static Nginx nginx;

  @BeforeAll
  static void start() {
    scripts = NodeScripts.install();
    String[] settings = {
      "chat.redis.key-prefix",
      RedisResource.newKeyPrefix(),
      "chat.socketio.ping-interval",
      PING_INTERVAL_MS + "ms"
    };
    for (int i = 0; i < PODS; i++) {
      PODS_RUNNING.add(PodProcess.launch(settings));
    }
    PODS_RUNNING.forEach(PodProcess::awaitReady);
    nginx = Nginx.before(PODS_RUNNING);
  }

  @AfterAll
  static void end() {
    if (nginx != null) {
      nginx.close();
    }
    PODS_RUNNING.forEach(PodProcess::close);
  }

  @Test
  @Order(1)
  void twoTalkOverEachTransportAndOneResumes() {
    scripts.run(
        "conversation.test.js",
        world(
            "conversations",
            List.of(
                conversation("polling first, then an upgrade", 1, List.of()),
                conversation("WebSocket only", 2, List.of("websocket")),
                conversation("polling only", 3, List.of("polling")))),
        TALK);
  }

  @Test
  @Order(2)
  void clientsOfTheFormerServiceWorkUnchanged() {
    scripts.run(
        "legacy.test.js",
        world(
            "legacy",
            Map.of(
                "ticket", 4711,
                "customer", customer(70, 4711),
                "agent", Map.of("user_id", 71, "token", Tokens.admin("71").sign()))),
        TALK);
  }

  /** The last, since afterwards a pod is gone. */
  @Test
  @Order(3)
  void aCrowdPollsUnharmedAndComesBackWhenAPodIsKilled() {
    List<Map<String, Object>> members = IntStream.range(0, CROWD)
        .mapToObj(i -> customer(1000 + i, 10_000 + i % CROWD_TICKETS))
        .toList();
    scripts.run(
        "crowd.test.js",
        world(
            "crowd",
            Map.of(
                "members", members,
                "ping_interval_ms", PING_INTERVAL_MS,
                "doomed", PODS_RUNNING.get(0).pid())),
        CROWDED);
  }

  private static Map<String, Object> world(String part, Object its) {
    return Map.of(
        "address", nginx.address().toString(), "service", Tokens.service().sign(), part, its);
  }

  private static Map<String, Object> conversation(
      String name, int ticket, List<String> transports) {
    Map<String, Object> conversation = new LinkedHashMap<>();
    conversation.put("name", name);
    conversation.put("ticket", ticket);
    conversation.put("ana", customer(10 + ticket, ticket));
    conversation.put("bob", customer(20 + ticket, ticket));
    if (!transports.isEmpty()) {
      conversation.put("transports", transports);
    }
    return conversation;
  }

  private static Map<String, Object> customer(int userId, int ticket) {
    String token = Tokens.user(Integer.toString(userId)).tickets(ticket).sign();
    return Map.of("user_id", userId, "ticket", ticket, "token", token);
  }
}
