package dev.chatgateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatgateway.testing.RedisServer;
import dev.chatgateway.testing.RedisSetup;
import dev.chatgateway.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/**
 * The gateway's user in Redis may do what the gateway needs, which all other tests show, and no
 * more.
 */
class LeastPrivilegeTest {
  private static final Path FOLDER = Path.of("k8s", "redis");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "SCAN 0",
        "CONFIG GET *",
        "ACL LIST",
        "CLIENT LIST",
        "INFO",
        "MONITOR",
        "OBJECT ENCODING chat:k",
        "SHUTDOWN",
        "REPLICAOF NO ONE",
        "COMMAND COUNT",
        "CLUSTER NODES",
        "CLUSTER RESET",
        "SCRIPT FLUSH",
        "DEL chat:k",
        "PSUBSCRIBE chat:*",
        "GET other:k",
        "SET other:k v",
        "PUBLISH other:c m",
        "SUBSCRIBE other:c",
        "EVAL redis.call('SET','other:k','v') 0",
        "EVAL redis.call('FLUSHALL') 0"
      })
  void isRefused(String command) {
    String[] words = command.split(" ");
    try (Jedis gateway = new Jedis(URI.create(TestRedis.uri()))) {
      assertThatThrownBy(() -> gateway.sendCommand(
              () -> words[0].getBytes(StandardCharsets.US_ASCII),
              Arrays.copyOfRange(words, 1, words.length)))
          .hasMessageMatching("(?s)(NOPERM|.*(user executing the script can't|ACL failure)).*");
    }
  }

  @Test
  void isWhomTheGatewayLogsInAs() {
    assertThat(TestRedis.<Object>ask(redis -> redis.aclUsers())).asList().contains("gateway");
    try (Jedis gateway = new Jedis(URI.create(TestRedis.uri()))) {
      assertThat(gateway.ping()).isEqualTo("PONG");
      assertThat(gateway.sendCommand(Protocol.Command.SET, "chat:least-privilege", "v"))
          .isNotNull();
      gateway.unlink("chat:least-privilege");
    }
  }

  @Test
  void whoDoesNotLogInMayDoNothing() {
    try (RedisServer server = RedisServer.start(new RedisSetup());
        Jedis anybody = new Jedis("127.0.0.1", server.port())) {
      assertThatThrownBy(anybody::ping).hasMessageStartingWith("NOAUTH");
      for (String password : List.of("", "nopass", "default")) {
        assertThatThrownBy(() -> anybody.auth("default", password))
            .hasMessageStartingWith("WRONGPASS");
      }
      assertThatThrownBy(anybody::ping).hasMessageStartingWith("NOAUTH");
    }
  }

  /** Which Redis reads from its append-only file in the name of who doesn't log in. */
  @Test
  void whatAScriptWroteIsThereAfterARestart() {
    try (RedisServer server = RedisServer.start(new RedisSetup().persistent())) {
      try (Jedis gateway = new Jedis(URI.create(server.uri()))) {
        String script = "redis.call('SET', KEYS[1], 'v') return redis.call('SET', KEYS[2], 'v')";
        gateway.eval(script, List.of("chat:{k}:1", "chat:{k}:2"), List.of());
      }
      server.kill();
      server.start();
      assertThat(server.get("chat:{k}:1")).isEqualTo("v");
      assertThat(server.get("chat:{k}:2")).isEqualTo("v");
    }
  }

  @Test
  void isDocumentedAsItIs() throws IOException {
    String document = Files.readString(Path.of("docs", "redis.md"));
    String block = document.substring(document.indexOf("user gateway on"));
    String quoted = block.substring(0, block.indexOf("```"));
    assertThat(words(quoted)).containsExactlyInAnyOrderElementsOf(words(gateway("users.acl")));
  }

  @Test
  void lacksOnlyShardedPubSubInTheOldestVersion() throws IOException {
    List<String> seven = words(gateway("users.acl"));
    assertThat(seven).contains("+spublish", "+ssubscribe", "+sunsubscribe");
    assertThat(words(gateway("users-6.2.acl")))
        .containsExactlyElementsOf(seven.stream()
            .filter(
                word -> !List.of("+spublish", "+ssubscribe", "+sunsubscribe").contains(word))
            .toList());
  }

  @Test
  void hasNoPasswordInTheFiles() throws IOException {
    for (String file : List.of("users.acl", "users-6.2.acl", "sentinel-users.acl")) {
      for (String line : Files.readAllLines(FOLDER.resolve(file))) {
        assertThat(words(line)).as(file).noneMatch(word -> word.matches("[>#].*|nopass"));
      }
    }
  }

  private static String gateway(String file) throws IOException {
    return Files.readAllLines(FOLDER.resolve(file)).stream()
        .filter(line -> line.startsWith("user gateway "))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }
}
