package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.testing.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The alerts are valid, fire when they should and else not, and are in the runbook. When each has
 * to fire is in {@code src/test/alerts}.
 */
class AlertsTest {
  private static final Path UNIT_TESTS = Path.of("src", "test", "alerts", "alerts.test.yaml");
  private static final Path FOLDER = Path.of("target", "alerts").toAbsolutePath();

  static ObjectNode spec() {
    return (ObjectNode)
        Kustomize.render("production").the("PrometheusRule/chat-gateway").path("spec");
  }

  static List<JsonNode> alerts(JsonNode spec) {
    return spec.path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .toList();
  }

  static List<String> names() {
    return alerts(spec()).stream().map(alert -> alert.path("alert").asText()).toList();
  }

  private static Command.Result promtool(String what, JsonNode spec) throws IOException {
    Path promtool = Requirement.command("promtool", "prometheus");
    Files.createDirectories(FOLDER);
    Path rules = FOLDER.resolve("rules.yaml");
    Path tests = FOLDER.resolve(UNIT_TESTS.getFileName());
    Kustomize.YAML.writeValue(rules.toFile(), spec);
    Files.writeString(tests, Files.readString(UNIT_TESTS));
    Path file = what.equals("check") ? rules : tests;
    return Command.run(promtool.toString(), what, "rules", file.toString());
  }

  private static ObjectNode withExpression(String alert, String expression) {
    ObjectNode spec = spec();
    alerts(spec).stream()
        .filter(rule -> rule.path("alert").asText().equals(alert))
        .forEach(rule -> ((ObjectNode) rule).put("expr", expression));
    return spec;
  }

  @Test
  void rulesAreValid() throws Exception {
    Command.Result result = promtool("check", spec());

    assertThat(result.status()).as(result.output()).isZero();
  }

  @Test
  void alertsFireWhenTheyShouldAndElseNot() throws Exception {
    Command.Result result = promtool("test", spec());

    assertThat(result.status()).as(result.output()).isZero();
  }

  @ParameterizedTest
  @MethodSource("names")
  void anAlertThatNeverFiresIsSeen(String alert) throws Exception {
    Command.Result result = promtool("test", withExpression(alert, "vector(0) > 1"));

    assertThat(result.status()).as(result.output()).isNotZero();
    assertThat(result.output()).contains(alert);
  }

  /** It fails also where nothing was to be expected. */
  @ParameterizedTest
  @MethodSource("names")
  void anAlertThatAlwaysFiresIsSeen(String alert) throws Exception {
    Command.Result result = promtool("test", withExpression(alert, "vector(1)"));

    assertThat(result.status()).as(result.output()).isNotZero();
    assertThat(result.output()).containsPattern(alert + "[^\\n]*time[^\\n]*\\n\\s*exp:\\[\\s*\\]");
  }

  @Test
  void anExpressionThatIsNoneIsSeen() throws Exception {
    Command.Result result = promtool("check", withExpression("ChatRelayLag", "rate(chat_errors"));

    assertThat(result.status()).as(result.output()).isNotZero();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyAlertIsInTheRunbook(String alert) throws Exception {
    String url = alerts(spec()).stream()
        .filter(rule -> rule.path("alert").asText().equals(alert))
        .findFirst()
        .orElseThrow()
        .at("/annotations/runbook_url")
        .asText();

    assertThat(url).isEqualTo("docs/runbook.md#" + alert.toLowerCase(Locale.ROOT));
    assertThat(Files.readString(Path.of("docs", "runbook.md"))).contains("\n## " + alert + "\n");
  }

  @Test
  void everyMetricIsOneOfTheGateway() {
    List<String> expressions =
        alerts(spec()).stream().map(alert -> alert.path("expr").asText()).toList();

    assertThat(Meters.namedIn(expressions)).isNotEmpty().allMatch(Meters::isOurs);
    assertThat(Meters.namedIn(List.of("rate(chat_no_such_total[5m])")))
        .isNotEmpty()
        .noneMatch(Meters::isOurs);
  }
}
