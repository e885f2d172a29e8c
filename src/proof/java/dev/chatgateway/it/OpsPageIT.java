package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.NodeScripts;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.Requirement;
import dev.chatgateway.testing.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page with the pods, in a browser. */
class OpsPageIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @Test
  void showsBothPodsToWhomMaySeeThem() {
    NodeScripts scripts = NodeScripts.install();
    String chromium = Requirement.command("chromium", "chromium").toString();
    String[] settings = {"chat.redis.key-prefix", RedisResource.newKeyPrefix()};
    try (PodProcess a = PodProcess.start(settings);
        PodProcess b = PodProcess.start(settings);
        ChatClient ana = a.connect();
        ChatClient bo = a.connect();
        ChatClient noor = b.connect()) {
      ana.authenticate(Tokens.user("ana").sign());
      bo.authenticate(Tokens.user("bo").sign());
      noor.authenticate(Tokens.admin("noor").sign());
      String idOfA = OpsCalls.id(a);
      String idOfB = OpsCalls.id(b);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(OpsCalls.ids(OpsCalls.overview(a))).contains(idOfA, idOfB));

      scripts.run(
          "ops.test.js",
          Map.of(
              "executable",
              chromium,
              "page",
              a.management("/ops").toString(),
              "token",
              Tokens.admin("noor").sign(),
              "customer",
              Tokens.user("ana").sign(),
              "pods",
              List.of(
                  Map.of("id", idOfA, "address", a.http("/").toString(), "connections", 2),
                  Map.of("id", idOfB, "address", b.http("/").toString(), "connections", 1))),
          LIMIT);
    }
  }
}
