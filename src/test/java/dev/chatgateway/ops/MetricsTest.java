package dev.chatgateway.ops;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.Pod;
import dev.chatgateway.protocol.CloseCode;
import dev.chatgateway.protocol.ErrorCode;
import dev.chatgateway.session.LimitsConfig;
import dev.chatgateway.testing.ChatClient;
import dev.chatgateway.testing.TestRedis;
import dev.chatgateway.testing.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Prometheus finds. */
@QuarkusTest
class MetricsTest {
  private static final Duration BLOCKED = Duration.ofMillis(300);
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  @TestHTTPResource("/chat")
  URI gateway;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @Inject
  Pod pod;

  @Inject
  LimitsConfig limits;

  private final String ticket = "metrics-" + UUID.randomUUID();

  private List<String> samples() {
    return given()
        .get(metrics)
        .then()
        .statusCode(200)
        .extract()
        .asString()
        .lines()
        .filter(line -> line.startsWith("chat_"))
        .toList();
  }

  private double value(String sample) {
    return samples().stream()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void trafficAndErrorsAreCounted() {
    double accepted = value("chat_messages_accepted_total");
    double delivered = value("chat_deliveries_total");
    double forbidden = value("chat_errors_total{code=\"forbidden\"}");
    try (ChatClient ana =
        ChatClient.to(gateway).bearer(Tokens.user("ana").tickets(ticket).sign()).connect()) {
      ana.awaitEvent("chat_authenticated");
      ana.join(ticket);
      ana.say(ticket, "hello");
      ana.awaitEvent("new_message");
      ana.refused("join_ticket_chat", Map.of("ticket_id", "another"));

      await().untilAsserted(() -> {
        assertThat(value("chat_messages_accepted_total")).isGreaterThan(accepted);
        assertThat(value("chat_deliveries_total")).isGreaterThan(delivered);
        assertThat(value("chat_errors_total{code=\"forbidden\"}")).isGreaterThan(forbidden);
        assertThat(value("chat_connections")).isGreaterThanOrEqualTo(1);
        assertThat(value("chat_rooms")).isGreaterThanOrEqualTo(1);
      });
    }
    assertThat(samples().stream().map(line -> line.split("[{ ]")[0]))
        .contains(
            "chat_connections",
            "chat_connections_limit",
            "chat_connections_opened_total",
            "chat_connections_closed_total",
            "chat_deliveries_total",
            "chat_draining",
            "chat_dropped_total",
            "chat_errors_total",
            "chat_loop_lag_seconds_bucket",
            "chat_messages_accepted_total",
            "chat_messages_duplicate_total",
            "chat_relay_received_total",
            "chat_relay_gaps_healed_total",
            "chat_redis_command_seconds_count",
            "chat_redis_command_errors_total",
            "chat_redis_disconnects_total",
            "chat_rooms",
            "chat_store_reachable");
  }

  @Test
  void aLoopThatIsBlockedIsLate() {
    String counted = "chat_loop_lag_seconds_count";
    String quick = "chat_loop_lag_seconds_bucket{le=\"0.1\"}";
    double late = value(counted) - value(quick);

    pod.loops().all().get(0).run(() -> LockSupport.parkNanos(BLOCKED.toNanos()));

    await().untilAsserted(() -> assertThat(value(counted) - value(quick)).isGreaterThan(late));
    await()
        .untilAsserted(() -> assertThat(value("chat_loop_lag_seconds_max"))
            .isGreaterThan(BLOCKED.toMillis() / 1000.0 / 2));
  }

  @Test
  void thePodSaysHowItIs() {
    await().untilAsserted(() -> assertThat(value("chat_store_reachable")).isEqualTo(1));
    assertThat(value("chat_draining")).isZero();
    assertThat(value("chat_connections_limit")).isEqualTo(limits.connections());

    TestRedis.pause();
    try {
      await().untilAsserted(() -> assertThat(value("chat_store_reachable")).isZero());
    } finally {
      TestRedis.resume();
    }
    await().untilAsserted(() -> assertThat(value("chat_store_reachable")).isEqualTo(1));
  }

  @Test
  void everyMeterSaysWhatItMeans() {
    Map<Boolean, List<String>> described = given()
        .get(metrics)
        .asString()
        .lines()
        .filter(line -> line.startsWith("# HELP chat_"))
        .collect(Collectors.partitioningBy(line -> line.split(" ", 4)[3].isBlank()));
    assertThat(described.get(true)).isEmpty();
    assertThat(described.get(false)).hasSizeGreaterThan(20);
  }

  @Test
  void redisClientsAreNotCountedTwice() {
    assertThat(given().get(metrics).asString()).doesNotContainPattern("(?m)^redis_");
  }

  @Test
  void everyConnectionTheGatewayClosesIsCounted() {
    String sample = "chat_connections_closed_total{code=\"1003\"}";
    double before = value(sample);
    try (ChatClient client = ChatClient.connect(gateway)) {
      client.sendBinary(new byte[] {1});
      assertThat(client.awaitClose().code()).isEqualTo(1003);
    }
    assertThat(value(sample)).isEqualTo(before + 1);
  }

  @Test
  void labelsSayOnlyWhatThereAreFewOf() {
    Set<String> codes = Stream.concat(
            Arrays.stream(ErrorCode.values()).map(ErrorCode::wire),
            Arrays.stream(CloseCode.values()).map(code -> Integer.toString(code.code())))
        .collect(Collectors.toSet());
    List<String> samples = samples();
    assertThat(samples).isNotEmpty().hasSizeLessThan(150);
    for (String sample : samples) {
      var labels = LABEL.matcher(sample);
      while (labels.find()) {
        switch (labels.group(1)) {
          case "code" -> assertThat(codes).contains(labels.group(2));
          case "reason", "outcome", "kind", "script" ->
            assertThat(labels.group(2)).matches("[a-z_/]{1,32}");
          case "issuer" -> assertThat(labels.group(2)).isEqualTo("default");
          case "le" -> assertThat(labels.group(2)).matches("[0-9.E+-]+|\\+Inf");
          default -> throw new AssertionError("a label not known here: " + sample);
        }
      }
    }
  }
}
