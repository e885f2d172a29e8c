package dev.chatgateway.it;

import dev.chatgateway.testing.Nginx;
import dev.chatgateway.testing.NodeScripts;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Requirement;
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
  private static final int PAGE_PORT = PodProcess.freePort();
  private static NodeScripts scripts;
  private static Nginx nginx;

  @BeforeAll
  static void start() {
    scripts = NodeScripts.install();
    String[] settings = {
      "chat.redis.key-prefix",
      RedisResource.newKeyPrefix(),
      "chat.socketio.ping-interval",
      PING_INTERVAL_MS + "ms",
      "chat.socket.allowed-origins",
      "http://127.0.0.1:" + PAGE_PORT
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
    scripts.run("conversation.test.js", world(Map.of("conversations", conversations(100))), TALK);
  }

  /** From a page of another origin, so that the browser asks for leave to read the answers. */
  @Test
  @Order(1)
  void soTheyDoInChromium() {
    Map<String, Object> browser = Map.of(
        "executable", Requirement.command("chromium", "chromium").toString(), "port", PAGE_PORT);
    scripts.run(
        "browser.test.js",
        world(Map.of("conversations", conversations(200), "browser", browser)),
        TALK);
  }

  @Test
  @Order(2)
  void clientsOfTheFormerServiceWorkUnchanged() {
    scripts.run(
        "legacy.test.js",
        world(Map.of(
            "legacy",
            Map.of(
                "ticket", 4711,
                "customer", customer(70, 4711),
                "agent", Map.of("user_id", 71, "token", Tokens.admin("71").sign())))),
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
        world(Map.of(
            "crowd",
            Map.of(
                "members", members,
                "ping_interval_ms", PING_INTERVAL_MS,
                "doomed", PODS_RUNNING.get(0).pid()))),
        CROWDED);
  }

  private static Map<String, Object> world(Map<String, Object> parts) {
    Map<String, Object> world = new LinkedHashMap<>(parts);
    world.put("address", nginx.address().toString());
    world.put("service", Tokens.service().sign());
    return world;
  }

  private static List<Map<String, Object>> conversations(int tickets) {
    return List.of(
        conversation("polling first, then an upgrade", tickets + 1, List.of()),
        conversation("WebSocket only", tickets + 2, List.of("websocket")),
        conversation("polling only", tickets + 3, List.of("polling")));
  }

  private static Map<String, Object> conversation(
      String name, int ticket, List<String> transports) {
    Map<String, Object> conversation = new LinkedHashMap<>();
    conversation.put("name", name);
    conversation.put("ticket", ticket);
    conversation.put("ana", customer(10_000 + ticket, ticket));
    conversation.put("bob", customer(20_000 + ticket, ticket));
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
