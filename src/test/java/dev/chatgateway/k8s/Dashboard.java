package dev.chatgateway.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Grafana's dashboard as the monitoring component carries it. */
record Dashboard(ObjectNode json) {
  static final String CONFIG_MAP = "ConfigMap/chat-gateway-dashboard";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATASOURCE = "${datasource}";
  private static final int COLUMNS = 24;
  private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)|\\$\\{(\\w+)[:}]");
  // The only one of Grafana's own that is used.
  private static final String RATE_INTERVAL = "__rate_interval";

  /**
   * A query of a panel.
   *
   * @param panel the panel's title
   * @param expression PromQL with Grafana's variables
   */
  record Query(String panel, String expression) {
    /** What Grafana asks Prometheus where all pods are chosen. */
    String asked(String namespace, String rateInterval) {
      return substituted(expression, namespace).replace("$" + RATE_INTERVAL, rateInterval);
    }
  }

  /** The one of the production overlay. */
  static Dashboard rendered() {
    JsonNode map = Kustomize.render("production").the(CONFIG_MAP);
    try {
      return new Dashboard(
          (ObjectNode) JSON.readTree(map.at("/data/chat-gateway.json").asText()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String substituted(String text, String namespace) {
    return text.replace("$namespace", namespace).replace("$pod", ".*");
  }

  /** All panels but the rows that head them. */
  List<JsonNode> panels() {
    return json.path("panels").valueStream().filter(panel -> !isRow(panel)).toList();
  }

  List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(new Query(panel.path("title").asText(), target.path("expr").asText()));
      }
    }
    return queries;
  }

  /**
   * The queries that fill a variable's list, as {@code label_values(selector, label)}.
   *
   * @param selector of which series
   * @param label whose values
   */
  record Choice(String selector, String label) {}

  List<Choice> choices(String namespace) {
    Pattern call = Pattern.compile("label_values\\((.+), (\\w+)\\)");
    List<Choice> choices = new ArrayList<>();
    for (JsonNode variable : json.at("/templating/list")) {
      if (variable.path("type").asText().equals("query")) {
        Matcher matcher =
            call.matcher(substituted(variable.at("/query/query").asText(), namespace));
        if (!matcher.matches()) {
          throw new AssertionError("not label_values: " + variable);
        }
        choices.add(new Choice(matcher.group(1), matcher.group(2)));
      }
    }
    return choices;
  }

  /** What is wrong with it. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    Set<String> variables = new HashSet<>(Set.of(RATE_INTERVAL));
    json.at("/templating/list").forEach(one -> variables.add(one.path("name").asText()));
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : json.path("panels")) {
      String title = panel.path("title").asText();
      if (title.isBlank() || !titles.add(title)) {
        complaints.add("no title, or one for the second time: " + title);
      }
      if (!panel.path("id").isInt() || !ids.add(panel.path("id").asInt())) {
        complaints.add(title + ": no id, or one for the second time");
      }
      if (!isRow(panel)) {
        panel(panel, title, variables, complaints);
      }
    }
    for (JsonNode variable : json.at("/templating/list")) {
      if (!variable.path("type").asText().equals("datasource")) {
        datasource(variable, variable.path("name").asText(), complaints);
      }
    }
    places(complaints);
    return complaints;
  }

  private static void panel(
      JsonNode panel, String title, Set<String> variables, List<String> complaints) {
    if (panel.path("description").asText().length() < 20) {
      complaints.add(title + ": does not say what it means");
    }
    if (panel.at("/fieldConfig/defaults/unit").asText().isBlank()) {
      complaints.add(title + ": no unit");
    }
    datasource(panel, title, complaints);
    if (panel.path("targets").isEmpty()) {
      complaints.add(title + ": asks nothing");
    }
    Set<String> refs = new HashSet<>();
    for (JsonNode target : panel.path("targets")) {
      datasource(target, title, complaints);
      if (!refs.add(target.path("refId").asText())) {
        complaints.add(title + ": two queries of one refId");
      }
      String expression = target.path("expr").asText();
      for (String metric : Meters.namedIn(List.of(expression))) {
        if (metric.startsWith("chat_") && !Meters.isOurs(metric)) {
          complaints.add(title + ": there is no " + metric);
        }
        if (!expression.contains(metric + "{namespace=\"$namespace\", pod=~\"$pod\"")) {
          complaints.add(title + ": " + metric + " of all namespaces or pods");
        }
      }
      VARIABLE
          .matcher(expression)
          .results()
          .map(use -> use.group(1) == null ? use.group(2) : use.group(1))
          .filter(name -> !variables.contains(name))
          .forEach(name -> complaints.add(title + ": there is no variable " + name));
    }
  }

  private static void datasource(JsonNode owner, String title, List<String> complaints) {
    if (!owner.at("/datasource/uid").asText().equals(DATASOURCE)) {
      complaints.add(title + ": another data source than the chosen one");
    }
  }

  private void places(List<String> complaints) {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : json.path("panels")) {
      JsonNode place = panel.path("gridPos");
      String title = panel.path("title").asText();
      int right = place.path("x").asInt() + place.path("w").asInt();
      if (place.path("w").asInt() < 1 || place.path("h").asInt() < 1 || right > COLUMNS) {
        complaints.add(title + ": not within the grid");
      }
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int down = 0; down < place.path("h").asInt(); down++) {
          if (!taken.add(x + "/" + (place.path("y").asInt() + down))) {
            complaints.add(title + ": overlaps another");
            return;
          }
        }
      }
    }
  }

  private static boolean isRow(JsonNode panel) {
    return panel.path("type").asText().equals("row");
  }
}
