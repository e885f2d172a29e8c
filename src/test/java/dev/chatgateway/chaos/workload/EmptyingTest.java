package dev.chatgateway.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatgateway.chaos.history.Entry;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.HistoryReader;
import dev.chatgateway.chaos.history.RunHeader;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every pod that runs is asked who remains, and one that does not answer is named. */
class EmptyingTest {
  private static final String NOBODY =
      "{\"ticket_id\":101,\"participants\":[],\"participants_count\":0,\"connections\":[]}";

  @TempDir
  Path folder;

  private final Stage stage = new Stage();
  private final Cast cast = new Cast(new Random(1));
  private final Map<String, String> running = new TreeMap<>();
  /** Pods that are too busy for one of the questions. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  private History history;
  private Emptying emptying;

  @BeforeEach
  void twoPodsRun() {
    serve("pod-1");
    serve("pod-2");
    RunHeader header = new RunHeader(
        "test",
        1,
        "none",
        "unknown",
        false,
        false,
        new RunHeader.Bounds(15_000, 10_000, 2_000, 10_000),
        cast.admissions(),
        Map.of());
    history = History.begin(folder.resolve("history.jsonl"), header);
    TicketSystem ticketSystem = stage.look(() -> new TicketSystem(
        stage.vertx,
        history.worker("ticket-system"),
        URI.create("http://127.0.0.1:1"),
        new Random(1)));
    Gateway gateway =
        new Gateway(URI.create("http://127.0.0.1:1"), List.of(), running, () -> running);
    emptying = new Emptying(stage, cast, List.of(), ticketSystem, gateway);
  }

  @AfterEach
  void close() {
    history.close();
    stage.close();
  }

  private void serve(String pod) {
    HttpServer server = stage.call(() -> stage
        .vertx
        .createHttpServer()
        .requestHandler(request -> answer(pod, request))
        .listen(0, "127.0.0.1"));
    running.put("127.0.0.1:" + server.actualPort(), pod);
  }

  private void answer(String pod, HttpServerRequest request) {
    boolean refused = busy.contains(pod) && request.path().endsWith("/presence");
    request
        .response()
        .setStatusCode(refused ? 503 : 200)
        .end(refused ? "{\"code\":\"unavailable\"}" : NOBODY);
  }

  @Test
  void podsThatAnswerAreWrittenDown() {
    assertThat(emptying.remaining()).isEmpty();
    assertThat(written()).containsExactly("pod-1", "pod-2");
  }

  @Test
  void busyPodIsNamedAndTheOthersAreWrittenDown() {
    busy.add("pod-1");

    assertThat(emptying.remaining()).singleElement().asString().contains("pod-1", "unavailable");
    assertThat(written()).containsExactly("pod-2");
  }

  @Test
  void podThatIsBusyAtFirstIsAskedAgain() {
    busy.add("pod-2");
    assertThat(emptying.silent()).hasSize(1);
    busy.clear();

    assertThat(emptying.silent()).isEmpty();
    assertThat(written()).containsExactly("pod-1", "pod-2");
  }

  @Test
  void runningPodThatRefusesConnectionsIsNamed() throws IOException {
    int nobodyListens;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobodyListens = socket.getLocalPort();
    }
    running.put("127.0.0.1:" + nobodyListens, "pod-3");

    assertThat(emptying.remaining()).singleElement().asString().startsWith("pod-3");
  }

  @Test
  void wherePodsHaveEndedNobodyCanBeAsked() {
    running.clear();

    assertThat(emptying.remaining()).containsExactly("no pod runs");
  }

  private List<String> written() {
    emptying.write(history);
    history.close();
    return HistoryReader.read(folder.resolve("history.jsonl")).stream()
        .map(Entry::fact)
        .filter(Final.Remaining.class::isInstance)
        .map(fact -> ((Final.Remaining) fact).pod())
        .toList();
  }
}
