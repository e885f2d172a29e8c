package dev.chatgateway.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chatgateway.testing.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard is one that Grafana can show, and asks what Prometheus can answer. */
class DashboardTest {
  private static final Path RULES = Path.of("target", "alerts", "dashboard.yaml");

  @Test
  void nothingIsWrongWithIt() {
    Dashboard dashboard = Dashboard.rendered();

    assertThat(dashboard.panels()).hasSizeGreaterThan(30);
    assertThat(dashboard.complaints()).isEmpty();
  }

  @Test
  void grafanasSidecarFindsIt() {
    JsonNode map = Kustomize.render("production").the(Dashboard.CONFIG_MAP);

    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      /panels/1/id                        | 1          | no id, or one for the second time
      /panels/1/title                     | ""         | no title
      /panels/1/title                     | "Skew"     | no title, or one for the second time
      /panels/1/description               | null       | does not say what it means
      /panels/1/fieldConfig/defaults/unit | ""         | no unit
      /panels/1/gridPos/x                 | 4          | overlaps another
      /panels/1/gridPos/w                 | 25         | not within the grid
      /panels/0/gridPos/h                 | 2          | overlaps another
      /panels/1/datasource/uid            | "abc"      | another data source
      /panels/1/targets/0/datasource/uid  | "abc"      | another data source
      /templating/list/1/datasource/uid   | "abc"      | another data source
      /panels/1/targets                   | []         | asks nothing
      /panels/1/targets/0/expr            | "chat_connections"      | of all namespaces or pods
      /panels/1/targets/0/expr            | "rate(chat_no_total[1m])" | there is no chat_no_total
      /panels/1/targets/0/expr            | "up[$no]"               | there is no variable no
      """)
  void whatIsWrongIsSeen(String pointer, String value, String complaint) throws Exception {
    Dashboard broken = Dashboard.rendered();
    JsonPointer place = JsonPointer.compile(pointer);
    JsonNode parent = broken.json().at(place.head());
    JsonNode wrong = Kustomize.YAML.readTree(value);
    if (parent instanceof ArrayNode array) {
      array.set(place.last().getMatchingIndex(), wrong);
    } else {
      ((ObjectNode) parent).set(place.last().getMatchingProperty(), wrong);
    }

    assertThat(broken.complaints()).anySatisfy(seen -> assertThat(seen).contains(complaint));
  }

  @Test
  void prometheusUnderstandsItsQueries() throws Exception {
    Command.Result result = check(Dashboard.rendered().queries().stream()
        .map(query -> query.asked("chat", "1m"))
        .toList());

    assertThat(result.status()).as(result.output()).isZero();
  }

  @Test
  void aQueryThatPrometheusDoesNotUnderstandIsSeen() throws Exception {
    Command.Result result = check(List.of("sum(rate(chat_errors_total[1m])"));

    assertThat(result.status()).as(result.output()).isNotZero();
  }

  private static Command.Result check(List<String> expressions) throws IOException {
    Path promtool = Requirement.command("promtool", "prometheus");
    ObjectNode spec = Kustomize.YAML.createObjectNode();
    ArrayNode rules =
        spec.putArray("groups").addObject().put("name", "dashboard").putArray("rules");
    for (int i = 0; i < expressions.size(); i++) {
      rules.addObject().put("record", "query:" + i).put("expr", expressions.get(i));
    }
    Files.createDirectories(RULES.getParent());
    Kustomize.YAML.writeValue(RULES.toFile(), spec);
    return Command.run(promtool.toString(), "check", "rules", RULES.toString());
  }
}
