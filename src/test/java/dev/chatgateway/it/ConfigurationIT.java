package dev.chatgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.testing.PodProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged gateway says what is wrong with its configuration, and what it offers. */
class ConfigurationIT {
  @ParameterizedTest
  @CsvSource({
    "chat.limits.connections, 0",
    "chat.limits.messages.per-second, -1",
    "chat.limits.outbound-queue, much",
    "chat.presence.lease, soon",
    "chat.redis.key-prefix, {x}",
    "chat.redis.write-interval, 101ms",
    "chat.ticket.history, 9",
    "chat.ticket.lifetime, 1h",
    "chat.redis.min-backoff, 1m",
    "chat.socket.allowed-origins, *",
    "chat.socket.allowed-origins, https://a.example/path",
  })
  void namesTheWrongProperty(String name, String value) {
    try (PodProcess pod = PodProcess.launch(name, value)) {
      assertThat(pod.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(pod.log()).contains(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"S3c^t-PW", "S3c#t-PW", "S3c/t-PW", "S3c%t-PW"})
  void passwordThatBreaksTheAddressOfRedisIsNotPrinted(String password) {
    String address = "redis://gateway:" + password + "@redis.example:6379";
    try (PodProcess pod = PodProcess.launch("quarkus.redis.hosts", address)) {
      assertThat(pod.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(pod.log())
          .contains("quarkus.redis.hosts", "@redis.example:6379")
          .doesNotContain("S3c", "t-PW");
    }
  }

  @Test
  void servesItsHttpApiAndNoUserInterfaceForIt() {
    try (PodProcess pod = PodProcess.start()) {
      var openApi = PodProcess.get(pod.http("/q/openapi"));
      assertThat(openApi.statusCode()).isEqualTo(200);
      assertThat(openApi.body()).contains("/api/tickets/{ticket_id}/messages");
      assertThat(PodProcess.get(pod.http("/q/swagger-ui")).statusCode()).isEqualTo(404);
      assertThat(PodProcess.get(pod.management("/q/swagger-ui")).statusCode()).isEqualTo(404);
      assertThat(PodProcess.get(pod.http("/dev/token")).statusCode()).isEqualTo(404);
      assertThat(PodProcess.get(pod.http("/")).statusCode()).isEqualTo(404);
      assertThat(PodProcess.get(pod.http("/q/health/ready")).statusCode()).isEqualTo(404);
    }
  }
}
