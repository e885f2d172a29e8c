package dev.chatgateway.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.auth.Principal;
import dev.chatgateway.auth.TokenVerifier;
import dev.chatgateway.protocol.ChatException;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.testing.TestClient;
import dev.chatgateway.testing.TestPods;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections while the keys of their tokens' issuer can't be read. */
class IssuerAwayTest {
  private final TestPods pods = new TestPods("chat.limits.authentication-timeout", "1s");
  private final List<Long> since = new CopyOnWriteArrayList<>();
  private volatile ChatException problem;

  IssuerAwayTest() {
    pods.verifier(new TokenVerifier() {
      @Override
      public CompletionStage<Principal> verify(String token, long unknownSinceNanos) {
        since.add(unknownSinceNanos);
        return problem == null
            ? CompletableFuture.completedFuture(TestPods.principal(token))
            : CompletableFuture.failedFuture(problem);
      }
    });
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  private void away(long retryAfterMs) {
    problem = ChatException.unavailable("no keys", retryAfterMs);
  }

  private static JsonNode refused(TestClient client, String token) {
    return client.refused("chat_authenticate", Map.of("token", token));
  }

  @Test
  void theConnectionStaysAndMayRepeatItsToken() {
    away(2500);
    TestClient ana = pods.start().connect();

    JsonNode error = refused(ana, "u:ana");
    assertThat(error.get("code").asText()).isEqualTo("unavailable");
    assertThat(error.get("retry").asBoolean()).isTrue();
    assertThat(error.get("retry_after_ms").asLong()).isEqualTo(2500);
    refused(ana, "u:ana");

    problem = null;
    ana.authenticate("u:ana");
    assertThat(ana.isClosed()).isFalse();
  }

  @Test
  void whoIsRefusedForGoodIsNotWaitedFor() {
    away(1);
    TestClient ana = pods.start().connect();
    refused(ana, "u:ana");
    problem = new ChatException(ErrorCode.INVALID_TOKEN, "no");
    refused(ana, "u:ana");
    assertThat(ana.awaitClose().code()).isEqualTo(4401);
  }

  @Test
  void theVerifierIsToldSinceWhenAConnectionAsks() {
    TestPods.TestPod pod = pods.start();
    away(1000);
    TestClient ana = pod.connect();
    refused(ana, "u:ana");
    refused(ana, "u:ana");
    refused(ana, "u:ana");
    problem = null;
    ana.authenticate("u:ana");
    ana.authenticate("u:ana");

    assertThat(since.get(0)).isEqualTo(TokenVerifier.NOT_BEFORE);
    assertThat(since.get(1)).isNotEqualTo(TokenVerifier.NOT_BEFORE).isEqualTo(since.get(2));
    assertThat(since.get(3)).isEqualTo(since.get(1));
    assertThat(since.get(4)).isEqualTo(TokenVerifier.NOT_BEFORE);
  }

  @Test
  void aTokenOfTheHandshakeEndsNoConnection() {
    TestPods.TestPod pod = pods.start();
    away(1000);
    TestClient ana = pod.connect();
    ana.session().loop().executor().execute(() -> pod.pod().authenticate(ana.session(), "u:ana"));

    JsonNode error = ana.awaitEvent("error");
    assertThat(error.get("code").asText()).isEqualTo("unavailable");
    problem = null;
    ana.authenticate("u:ana");
  }

  @Test
  void onePodsIssuerIsAwayAndTheOthersIsNot() {
    TestPods.TestPod here = pods.start();
    pods.verifier(TokenVerifier.atOnce(TestPods::principal));
    TestPods.TestPod there = pods.start();
    away(1000);

    refused(here.connect(), "u:ana;tickets=1");
    TestClient ana = there.connect("u:ana;tickets=1");
    ana.join(1);
  }
}
