package dev.chatgateway.ops;

import static dev.chatgateway.ops.PodReportTest.report;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chatgateway.protocol.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All pods as one of them sees them. */
class OverviewTest {
  private static final long NOW = 10_000;

  private final PodReport asked =
      report("asked", Map.of(Figure.CONNECTIONS, 10.0, Figure.RELAY_LAG_MS, 2.5));
  private final List<Optional<String>> found = new ArrayList<>();

  private void found(PodReport report) {
    found.add(Optional.of(report.json()));
  }

  private JsonNode json() {
    return JsonReader.object(Overview.of(NOW, asked, found).json());
  }

  private List<String> pods() {
    return json().findValuesAsText("pod");
  }

  private static PodReport draining(String pod, double connections) {
    PodReport like = report(pod, Map.of(Figure.CONNECTIONS, connections));
    return new PodReport(pod, like.host(), "1.1", 1000, 9500, 9, true, false, "", like.figures());
  }

  @Test
  void hasTheAskedPodFirstAndTheOthersInOrder() {
    found(report("c", Map.of()));
    found(asked);
    found(report("b", Map.of()));
    assertThat(pods()).containsExactly("asked", "b", "c");
    assertThat(json().get("asked").asText()).isEqualTo("asked");
    assertThat(json().get("complete").asBoolean()).isTrue();
  }

  @Test
  void tellsOfEachPodWhatItReports() {
    found(draining("d", 4));
    JsonNode pod = json().at("/pods/1");
    assertThat(pod.get("host").asText()).isEqualTo("host-d");
    assertThat(pod.get("version").asText()).isEqualTo("1.1");
    assertThat(pod.get("started_at").asText()).isEqualTo("1970-01-01T00:00:01.000Z");
    assertThat(pod.get("uptime_s").asInt()).isEqualTo(9);
    assertThat(pod.get("heard_ms_ago").asInt()).isEqualTo(500);
    assertThat(pod.get("draining").asBoolean()).isTrue();
    assertThat(pod.get("store").asText()).isEqualTo("unreachable");
    assertThat(pod.get("connections").asInt()).isEqualTo(4);
    assertThat(pod.has("rooms")).isFalse();
  }

  @Test
  void addsUpWhatCanBeAddedAndTakesTheWorstOfTheRest() {
    found(report("b", Map.of(Figure.CONNECTIONS, 5.0, Figure.RELAY_LAG_MS, 7.25)));
    found(draining("d", 4));
    JsonNode totals = json().get("totals");
    assertThat(totals.get("pods").asInt()).isEqualTo(3);
    assertThat(totals.get("draining").asInt()).isEqualTo(1);
    assertThat(totals.get("store_unreachable").asInt()).isEqualTo(1);
    assertThat(totals.get("connections").asInt()).isEqualTo(19);
    assertThat(totals.get("relay_lag_ms").asDouble()).isEqualTo(7.25);
    assertThat(totals.has("rooms")).isFalse();
  }

  @Test
  void takesTheSkewOverThePodsThatTakeConnections() {
    found(report("b", Map.of(Figure.CONNECTIONS, 5.0)));
    found(draining("d", 1000));
    JsonNode spread = json().at("/spread/connections");
    assertThat(spread.get("min").asInt()).isEqualTo(5);
    assertThat(spread.get("max").asInt()).isEqualTo(10);
    assertThat(spread.get("mean").asDouble()).isEqualTo(7.5);
    assertThat(spread.get("skew").asDouble()).isEqualTo(1.33);
  }

  @Test
  void isEvenWhereNobodyHasAnything() {
    JsonNode json =
        JsonReader.object(Overview.of(NOW, report("a", Map.of(Figure.CONNECTIONS, 0.0)), found)
            .json());
    assertThat(json.at("/spread/connections/skew").asDouble()).isEqualTo(1);
    assertThat(json.get("spread").has("delivered_per_s")).isFalse();
  }

  @Test
  void countsWhatItCannotRead() {
    found.add(Optional.empty());
    found.add(Optional.of("{\"v\":2}"));
    found.add(Optional.of("<script>"));
    found(report("b", Map.of()));
    assertThat(json().get("unreadable").asInt()).isEqualTo(3);
    assertThat(pods()).containsExactly("asked", "b");
  }

  @Test
  void believesNobodyWhoSaysToBeTheAskedPodAndOneOfEachOther() {
    found(report("asked", Map.of(Figure.CONNECTIONS, 1e13)));
    found(draining("b", 1));
    found(report("b", Map.of(Figure.CONNECTIONS, 2.0))); // said earlier
    assertThat(pods()).containsExactly("asked", "b");
    assertThat(json().at("/totals/connections").asInt()).isEqualTo(11);
  }

  @Test
  void isNotUpsetByTheLargestNumbers() {
    for (int i = 0; i < 1000; i++) {
      PodReport huge = report("p" + i, Map.of(Figure.CONNECTIONS, 1e14));
      found(new PodReport(
          huge.pod(),
          "h",
          "1",
          100_000_000_000_000L,
          100_000_000_000_000L,
          1,
          false,
          true,
          "",
          huge.figures()));
    }
    assertThat(json().get("pods")).hasSize(1001);
    assertThat(json().at("/pods/1/heard_ms_ago").asLong()).isZero();
  }

  @Test
  void isOfOnePodAloneWithoutRedis() {
    JsonNode json = JsonReader.object(Overview.alone(NOW, asked).json());
    assertThat(json.get("complete").asBoolean()).isFalse();
    assertThat(json.get("pods")).hasSize(1);
    assertThat(json.at("/totals/connections").asInt()).isEqualTo(10);
  }
}
