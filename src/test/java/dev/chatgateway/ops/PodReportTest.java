package dev.chatgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.presence.PodReports;
import dev.chatgateway.protocol.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pods tell each other of themselves, also those of other versions and impostors. */
class PodReportTest {
  private static final String GOOD = "{\"v\":1,\"pod\":\"abc\",\"host\":\"h\",\"version\":\"1.0\","
      + "\"started_at\":1000,\"at\":2000,\"uptime_s\":1,\"draining\":false,"
      + "\"store\":\"reachable\",\"connections\":3}";

  /** A report as good as that one, but for what is put in place of something. */
  private static String with(String what, String instead) {
    assertThat(GOOD).contains(what);
    return GOOD.replace(what, instead);
  }

  static PodReport report(String pod, Map<Figure, Double> figures) {
    return new PodReport(pod, "host-" + pod, "1.0", 1000, 2000, 1, false, true, "", figures);
  }

  @Test
  void comesBackAsItWasTold() {
    EnumMap<Figure, Double> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      figures.put(figure, figure.ordinal() + 0.25);
    }
    PodReport told = new PodReport(
        "0123abcv",
        "chat-gateway-7d9f.node",
        "1.2.3-SNAPSHOT+5",
        1_700_000_000_123L,
        1_700_000_100_456L,
        100,
        true,
        false,
        "OOM",
        figures);

    assertThat(PodReport.of(told.json())).contains(told);
    assertThat(told.store()).isEqualTo("refusing");
  }

  @Test
  void isNeverTooLongToBeRead() {
    EnumMap<Figure, Double> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      figures.put(figure, 99_999_999_999_999.01);
    }
    PodReport longest = new PodReport(
        "0123abcv",
        "h".repeat(1000),
        "v".repeat(1000),
        99_999_999_999_999L,
        99_999_999_999_999L,
        99_999_999_999_999L,
        true,
        false,
        "X".repeat(20),
        figures);

    String json = longest.json();
    assertThat(json.getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(PodReports.MAX_BYTES / 2);
    assertThat(PodReport.of(json)).contains(longest);
  }

  @Test
  void hasOnlyTameCharactersInItsNames() {
    PodReport strange = new PodReport("p", "Ana's \"Mac\"", "", 0, 0, 0, false, true, "", Map.of());
    assertThat(strange.host()).isEqualTo("Ana_s__Mac_");
    assertThat(strange.version()).isEqualTo("_");
    assertThat(PodReport.of(strange.json())).contains(strange);
  }

  @Test
  void ofANewerPodIsReadAsFarAsItIsKnown() {
    PodReport read = PodReport.of(
            with("\"connections\":3", "\"connections\":3,\"mood\":{\"good\":[1,2]}"))
        .orElseThrow();
    assertThat(read.figures()).isEqualTo(Map.of(Figure.CONNECTIONS, 3.0));
  }

  @Test
  void ofAnOlderPodMayLackFigures() {
    PodReport read = PodReport.of(with(",\"connections\":3", "")).orElseThrow();
    assertThat(read.figures()).isEmpty();
    assertThat(JsonReader.object(read.json()).has("connections")).isFalse();
  }

  @Test
  void ofAnotherFormatIsNotRead() {
    assertThat(PodReport.of(GOOD)).isPresent();
    assertThat(PodReport.of(with("\"v\":1", "\"v\":2"))).isEmpty();
    assertThat(PodReport.of(with("\"v\":1", "\"v\":\"1\""))).isEmpty();
    assertThat(PodReport.of(with("\"v\":1,", ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 4 accepting",
        "[]",
        "null",
        "{}",
        "{\"v\":1}",
        "{\"v\":1,",
      })
  void isNotTakenOfRubbish(String text) {
    assertThat(PodReport.of(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-0.001",
        "1e15",
        "1e400",
        "1e99999999999",
        "NaN",
        "Infinity",
        "\"3\"",
        "null",
        "true",
        "[3]",
        "{}",
      })
  void isNotTakenWithANumberThatIsNone(String value) {
    assertThat(PodReport.of(with("\"connections\":3", "\"connections\":" + value)))
        .isEmpty();
    assertThat(PodReport.of(with("\"at\":2000", "\"at\":" + value))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"<img src=x onerror=alert(1)>\"",
        "\"a b\"",
        "\"a\\u0000\"",
        "\"a\\u202e\"",
        "\"ä\"",
        "7",
        "null",
        "[\"h\"]"
      })
  void isNotTakenWithANameThatIsNone(String value) {
    assertThat(PodReport.of(with("\"host\":\"h\"", "\"host\":" + value))).isEmpty();
    assertThat(PodReport.of(with("\"pod\":\"abc\"", "\"pod\":" + value))).isEmpty();
    assertThat(PodReport.of(with("\"version\":\"1.0\"", "\"version\":" + value)))
        .isEmpty();
    assertThat(PodReport.of(with("\"store\":\"reachable\"", "\"store\":" + value)))
        .isEmpty();
  }

  @Test
  void isNotTakenWithOverlongNamesNorDeepNests() {
    assertThat(PodReport.of(with("\"host\":\"h\"", "\"host\":\"" + "h".repeat(254) + "\"")))
        .isEmpty();
    assertThat(
            PodReport.of(with("{\"v\"", "{\"x\":" + "[".repeat(500) + "]".repeat(500) + ",\"v\"")))
        .isEmpty();
    assertThat(PodReport.of(with("\"draining\":false", "\"draining\":\"no\""))).isEmpty();
    assertThat(PodReport.of(with("\"draining\":false,", ""))).isEmpty();
  }
}
