package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.it.JavaSocketIoClient.Heard;
import dev.chatgateway.testing.Nginx;
import dev.chatgateway.testing.NodeScripts;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Proof;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Requirement;
import dev.chatgateway.testing.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unmodified Socket.IO clients of several versions and languages, each over polling, WebSocket, and
 * its own choice, through an nginx without sticky sessions on two pods: they talk, hear why a token
 * is refused, and lose nothing they had buffered.
 */
@Proof
class ClientVersionsIT {
  private static final Duration TALK = Duration.ofMinutes(5);
  private static final int REFUSED_TIMES = 12;
  private static final int BUFFERED = 12;
  private static final AtomicInteger TICKETS = new AtomicInteger(5_000);

  /** Version to the module's name in {@code package.json}. */
  private static final Map<String, String> VERSIONS = versions();

  private static final Map<String, List<String>> TRANSPORTS = transports();

  private static final List<PodProcess> PODS = new ArrayList<>();
  private static final int PAGE_PORT = PodProcess.freePort();
  private static NodeScripts scripts;
  private static Nginx nginx;

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("3.1.3", "socket.io-client-3.1");
    versions.put("4.0.1", "socket.io-client-4.0");
    versions.put("4.4.1", "socket.io-client-4.4");
    versions.put("4.5.4", "socket.io-client-4.5");
    versions.put("4.8", "socket.io-client");
    return versions;
  }

  private static Map<String, List<String>> transports() {
    Map<String, List<String>> transports = new LinkedHashMap<>();
    transports.put("polling first, then an upgrade", List.of());
    transports.put("WebSocket only", List.of("websocket"));
    transports.put("polling only", List.of("polling"));
    return transports;
  }

  @BeforeAll
  static void start() {
    scripts = NodeScripts.install();
    String[] settings = {
      "chat.redis.key-prefix",
      RedisResource.newKeyPrefix(),
      "chat.socket.allowed-origins",
      "http://127.0.0.1:" + PAGE_PORT
    };
    PODS.add(PodProcess.launch(settings));
    PODS.add(PodProcess.launch(settings));
    PODS.forEach(PodProcess::awaitReady);
    nginx = Nginx.before(PODS);
  }

  @AfterAll
  static void end() {
    if (nginx != null) {
      nginx.close();
    }
    PODS.forEach(PodProcess::close);
  }

  @Test
  void javaScriptInNode() {
    scripts.run("versions.test.js", world("versions", ofAllVersions()), TALK);
  }

  @Test
  void javaScriptInChromium() {
    Map<String, Object> world = world("versions", ofAllVersions());
    Path chromium = Requirement.command("chromium", "chromium");
    world.put("browser", Map.of("executable", chromium.toString(), "port", PAGE_PORT));
    scripts.run("versions-browser.test.js", world, TALK);
  }

  /** On pods without a list of origins, since the client sends the gateway's own as its origin. */
  @Test
  void pythonOfDebian() {
    List<Map<String, Object>> all = new ArrayList<>();
    TRANSPORTS.forEach((name, transports) -> all.add(conversation(name, transports)));
    String prefix = RedisResource.newKeyPrefix();
    try (PodProcess one = PodProcess.launch("chat.redis.key-prefix", prefix);
        PodProcess other = PodProcess.launch("chat.redis.key-prefix", prefix)) {
      one.awaitReady();
      other.awaitReady();
      try (Nginx before = Nginx.before(List.of(one, other))) {
        Map<String, Object> world = world("python", all);
        world.put("address", before.address().toString());
        scripts.runPython("python_client.py", world, TALK);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "websocket", "polling"})
  void javaHearsWhyATokenIsRefused(String transport) {
    for (int i = 0; i < REFUSED_TIMES; i++) {
      try (JavaSocketIoClient client = java(transport, refused())) {
        await().until(() -> !client.all("disconnect").isEmpty());

        assertThat(client.heard)
            .extracting(Heard::event)
            .containsExactly("connect", "error", "disconnect");
        assertThat(JavaSocketIoClient.member(client.all("error").get(0), "code"))
            .isEqualTo("invalid_token");
        assertThat(client.all("disconnect")).containsExactly("io server disconnect");
        assertThat(client.isActive()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "websocket", "polling"})
  void javaLosesNothingItHadBuffered(String transport) {
    int ticket = TICKETS.incrementAndGet();
    String token = Tokens.user("java-" + ticket).tickets(ticket).sign();
    try (JavaSocketIoClient client = java(transport, token)) {
      CompletableFuture<JSONObject> joined =
          client.ask("join_ticket_chat", Map.of("ticket_id", ticket));
      List<CompletableFuture<JSONObject>> sent = IntStream.range(0, BUFFERED)
          .mapToObj(i -> client.ask(
              "send_message", Map.of("ticket_id", ticket, "text", i + " " + "x".repeat(2_048))))
          .toList();

      assertThat(joined.join().toString()).contains("\"ok\":true");
      assertThat(sent).allSatisfy(one -> assertThat(one.join().toString()).contains("\"ok\":true"));
      await().until(() -> client.all("new_message").size() == BUFFERED);
      assertThat(client.all("new_message"))
          .extracting(one -> JavaSocketIoClient.member(one, "seq"))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, BUFFERED).boxed().toList());
      assertThat(client.all("disconnect")).isEmpty();
    }
  }

  private static JavaSocketIoClient java(String transport, String token) {
    return new JavaSocketIoClient(
        nginx.address(), transport.isEmpty() ? List.of() : List.of(transport), token);
  }

  private static String refused() {
    return Tokens.user("late").expiresIn(Duration.ofMinutes(-10)).sign();
  }

  private static List<Map<String, Object>> ofAllVersions() {
    List<Map<String, Object>> all = new ArrayList<>();
    VERSIONS.forEach((version, module) -> TRANSPORTS.forEach((name, transports) -> {
      Map<String, Object> one = conversation(name, transports);
      one.put("version", version);
      one.put("module", module);
      all.add(one);
    }));
    return all;
  }

  private static Map<String, Object> conversation(String name, List<String> transports) {
    int ticket = TICKETS.incrementAndGet();
    Map<String, Object> conversation = new LinkedHashMap<>();
    conversation.put("name", name);
    conversation.put("ticket", ticket);
    conversation.put("ana", customer(100_000 + ticket, ticket));
    conversation.put("bob", customer(200_000 + ticket, ticket));
    if (!transports.isEmpty()) {
      conversation.put("transports", transports);
    }
    return conversation;
  }

  private static Map<String, Object> customer(int userId, int ticket) {
    String token = Tokens.user(Integer.toString(userId)).tickets(ticket).sign();
    return Map.of("user_id", userId, "ticket", ticket, "token", token);
  }

  private static Map<String, Object> world(String what, List<Map<String, Object>> all) {
    Map<String, Object> world = new LinkedHashMap<>();
    world.put(what, all);
    world.put("address", nginx.address().toString());
    world.put("token", refused());
    return world;
  }
}
