package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.Prometheus;
import dev.chatgateway.testing.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real Prometheus scrapes two pods that have had some traffic and an outage of Redis: it has an
 * answer to all that the dashboard asks, and evaluates the alerts.
 */
class DashboardIT {
  private static final String NAMESPACE = "chat";
  private static final Set<String> PODS = Set.of("chat-gateway-a", "chat-gateway-b");
  private static final Path RULES = Path.of("target", "alerts", "scraped.yaml");
  // What has happened once stays in the rates for as long as the test goes on.
  private static final String RATE_INTERVAL = "10m";
  private static final Duration SCRAPED = Duration.ofSeconds(30);

  private static MeasuredTraffic traffic;
  private static Prometheus prometheus;

  @BeforeAll
  static void trafficIsMeasured() throws Exception {
    Requirement.command("prometheus", "prometheus");
    Files.createDirectories(RULES.getParent());
    Kustomize.YAML.writeValue(RULES.toFile(), AlertsTest.spec());
    traffic = new MeasuredTraffic();
    prometheus = Prometheus.scraping(
        NAMESPACE,
        Map.of("chat-gateway-a", traffic.first, "chat-gateway-b", traffic.second),
        RULES);
    traffic.talk();
    // A counter that is there only from its first event on has a rate from its second on.
    await().atMost(SCRAPED).until(() -> has("http_server_requests_seconds_count{status=\"403\"}"));
    traffic.calls("reply-2");
    traffic.resume();
    traffic.gap();
    traffic.slowReader();
    traffic.outage(
        () -> await().atMost(SCRAPED).until(() -> has("max(chat_store_reachable) == 0")));
    await().atMost(SCRAPED).until(() -> has("min(chat_store_reachable) == 1"));
  }

  @AfterAll
  static void end() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (traffic != null) {
      traffic.close();
    }
  }

  private static boolean has(String expression) {
    return !prometheus.query(expression).isEmpty();
  }

  static List<Dashboard.Query> queries() {
    return Dashboard.rendered().queries();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void eachQueryHasAnAnswer(Dashboard.Query query) {
    String asked = query.asked(NAMESPACE, RATE_INTERVAL);
    JsonNode answer = prometheus.query(asked);

    assertThat(numbers(answer)).as("%s of %s", asked, query.panel()).isNotEmpty();
  }

  /** Whatever is not a number is nothing to see. */
  private static List<Double> numbers(JsonNode answer) {
    return answer
        .valueStream()
        .map(series -> series.at("/value/1").asText())
        .filter(value -> !value.endsWith("NaN") && !value.endsWith("Inf"))
        .map(Double::valueOf)
        .toList();
  }

  @Test
  void aQueryWithoutAnAnswerIsSeen() {
    assertThat(numbers(prometheus.query("chat_connections{pod=\"none\"}"))).isEmpty();
    assertThat(numbers(prometheus.query("chat_connections / (chat_draining * 0)")))
        .isEmpty();
  }

  /** So that the answers are about something. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate(chat_messages_accepted_total[10m])",
        "rate(chat_messages_duplicate_total[10m])",
        "rate(chat_deliveries_total[10m])",
        "rate(chat_errors_total{code=\"forbidden\"}[10m])",
        "rate(chat_errors_total{code=\"unavailable\"}[10m])",
        "rate(chat_joins_total{outcome=\"recovered\"}[10m])",
        "rate(chat_relay_gaps_healed_total[10m])",
        "rate(chat_relay_events_healed_total[10m])",
        "rate(chat_connections_closed_total{code=\"1003\"}[10m])",
        "rate(chat_connections_closed_total{code=\"4408\"}[10m])",
        "rate(chat_dropped_total{reason=\"slow_client\"}[10m])",
        "rate(chat_redis_disconnects_total[10m])",
        "rate(chat_redis_command_errors_total[10m])",
        "rate(http_server_requests_seconds_count{uri=~\"/api/.*\", status=\"201\"}[10m])",
        "rate(http_server_requests_seconds_count{uri=~\"/api/.*\", status=\"403\"}[10m])"
      })
  void whatHappenedShows(String expression) {
    await().atMost(SCRAPED).until(() -> has("sum(" + expression + ") > 0"));
  }

  @Test
  void eachMetricThatIsNamedIsScraped() {
    List<String> expressions = new ArrayList<>();
    queries().forEach(query -> expressions.add(query.expression()));
    AlertsTest.alerts(AlertsTest.spec())
        .forEach(alert -> expressions.add(alert.path("expr").asText()));
    Set<String> scraped = Stream.of(traffic.first, traffic.second)
        .flatMap(pod -> PodProcess.get(pod.management("/q/metrics")).body().lines())
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]")[0])
        .collect(Collectors.toCollection(TreeSet::new));

    assertThat(Meters.namedIn(expressions)).hasSizeGreaterThan(30);
    assertThat(scraped).containsAll(Meters.namedIn(expressions));
  }

  @Test
  void variablesHaveValuesToChooseFrom() {
    List<Set<String>> values = Dashboard.rendered().choices(NAMESPACE).stream()
        .map(choice -> prometheus.labelValues(choice.label(), choice.selector()))
        .map(all -> all.valueStream().map(JsonNode::asText).collect(Collectors.toSet()))
        .toList();

    assertThat(values).containsExactly(Set.of(NAMESPACE), PODS);
  }

  @Test
  void alertsAreEvaluated() {
    List<JsonNode> rules = prometheus
        .rules()
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .toList();

    assertThat(rules).hasSameSizeAs(AlertsTest.names());
    assertThat(rules).allSatisfy(rule -> {
      assertThat(rule.path("health").asText()).as("%s", rule).isEqualTo("ok");
      assertThat(rule.path("lastError").asText()).isEmpty();
    });
  }
}
