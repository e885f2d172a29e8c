package dev.chatgateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A real Prometheus that scrapes pods every second and labels them as a PodMonitor has it do. */
public final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("target", "prometheus").toAbsolutePath();
  private static final Duration STARTUP = Duration.ofSeconds(60);
  private static final String CONFIG = """
      global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
      rule_files: ["%s"]
      scrape_configs:
        - job_name: chat-gateway
          metrics_path: /q/metrics
          static_configs:
      %s
      """;

  private final int port;
  private final Process process;

  private Prometheus(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /** One that has scraped each of these pods twice, so that it can tell rates. */
  public static Prometheus scraping(String namespace, Map<String, PodProcess> pods, Path rules) {
    Path program = Requirement.command("prometheus", "prometheus");
    int port = Ports.next();
    Path folder = FOLDER.resolve(Integer.toString(port));
    String targets = pods.entrySet().stream()
        .map(pod -> "      - {targets: [\"%s\"], labels: {namespace: %s, pod: %s}}"
            .formatted(pod.getValue().management("").getAuthority(), namespace, pod.getKey()))
        .collect(Collectors.joining("\n"));
    try {
      Files.createDirectories(folder);
      Path config = folder.resolve("prometheus.yml");
      Files.writeString(config, CONFIG.formatted(rules.toAbsolutePath(), targets));
      Process process = new ProcessBuilder(
              program.toString(),
              "--config.file=" + config,
              "--storage.tsdb.path=" + folder.resolve("data"),
              "--web.listen-address=127.0.0.1:" + port)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("output.log").toFile())
          .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      Prometheus prometheus = new Prometheus(port, process);
      prometheus.awaitScrapes(pods.size(), folder);
      return prometheus;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitScrapes(int pods, Path folder) {
    Awaitility.await("a Prometheus that has scraped the pods, see " + folder)
        .atMost(STARTUP)
        .failFast("it has ended, see " + folder, () -> !process.isAlive())
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> query("sum_over_time(up[1m]) >= 2").size() == pods);
  }

  /** What it answers to that expression: one entry for each series. */
  public JsonNode query(String expression) {
    return ask("/api/v1/query?query=" + encoded(expression)).path("result");
  }

  /** The values of a label of the series of that selector. */
  public JsonNode labelValues(String label, String selector) {
    return ask("/api/v1/label/" + label + "/values?match%5B%5D=" + encoded(selector));
  }

  /** The rules it evaluates, with how that went. */
  public JsonNode rules() {
    return ask("/api/v1/rules").path("groups");
  }

  private JsonNode ask(String path) {
    HttpResponse<String> response = PodProcess.get(URI.create("http://127.0.0.1:" + port + path));
    try {
      JsonNode answer = JSON.readTree(response.body());
      if (!answer.path("status").asText().equals("success")) {
        throw new AssertionError(path + ": " + answer);
      }
      return answer.path("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
