package dev.chatgateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.RedisResource;
import dev.chatgateway.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/**
 * A pod that is going to be abused. It knows what it held before, and requires that it holds no more
 * afterwards, and that its log says nothing that it mustn't.
 */
final class AbusedPod implements AutoCloseable {
  /** Stands in every message that attackers send, and must not stand in a log. */
  static final String SECRET = "zxq-0f9a-not-for-logs";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long HEAP_SLACK = 16 << 20;
  // Connections to Redis and of the tests' own HTTP client come and go.
  private static final int DESCRIPTOR_SLACK = 12;
  private static final int LOG_SLACK = 10;
  private static final int MAX_LOG_LINE = 500;
  // Code, arenas of buffers and threads' stacks come with use, and stay.
  private static final long NATIVE_SLACK = 96 << 20;
  private static final List<String> NEVER_LOGGED =
      List.of(" ERROR ", "\tat ", "Exception", "LEAK", SECRET, "eyJ");

  /**
   * What a pod holds.
   *
   * @param heap bytes in use after a collection
   * @param beside bytes of memory besides the heap
   */
  record Footprint(int connections, int rooms, int descriptors, long heap, long beside) {}

  private final PodProcess process;
  private final String keyPrefix;
  private Footprint before;
  private int logBefore;

  private AbusedPod(PodProcess process, String keyPrefix) {
    this.process = process;
    this.keyPrefix = keyPrefix;
  }

  /** A pod with keys of its own. */
  static AbusedPod start(String... settings) {
    List<String> all = new ArrayList<>(List.of(
        "chat.redis.key-prefix",
        RedisResource.newKeyPrefix(),
        "chat.relay.unsubscribe-delay",
        "1s",
        "chat.admission.per-second", // attackers are let in, one after the other
        "100000"));
    all.addAll(List.of(settings));
    AbusedPod pod = new AbusedPod(PodProcess.start(all.toArray(String[]::new)), all.get(1));
    pod.remember();
    return pod;
  }

  /** Has well-behaved clients talk during the abuse, and requires that they and the pod are well. */
  void whileOthersTalk(String abuse, Runnable attack) {
    await("clients of before, gone")
        .atMost(PATIENCE)
        .until(() -> metric("chat_connections ") + metric("chat_rooms ") == 0);
    try (Bystanders bystanders = Bystanders.on(this)) {
      attack.run();
      bystanders.requireUndisturbed(abuse);
      requireUnharmed();
    }
  }

  /** From here on, what it holds now is what it may hold. */
  void remember() {
    before = footprint();
    logBefore = logLines().size();
  }

  PodProcess process() {
    return process;
  }

  URI chat() {
    return process.http("/chat");
  }

  URI socketIo() {
    return process.http("/socket.io/?EIO=4&transport=websocket");
  }

  /** Requires that it is live, ready, and holds no more than before but what is still wanted. */
  void requireUnharmed() {
    assertThat(PodProcess.get(process.management("/q/health/live")).statusCode())
        .isEqualTo(200);
    assertThat(PodProcess.get(process.management("/q/health/ready")).statusCode())
        .isEqualTo(200);
    await("connections and rooms, given back").atMost(PATIENCE).untilAsserted(() -> {
      assertThat(metric("chat_connections ")).isEqualTo(before.connections);
      assertThat(metric("chat_rooms ")).isEqualTo(before.rooms);
      assertThat(descriptors())
          .isBetween(before.descriptors - DESCRIPTOR_SLACK, before.descriptors + DESCRIPTOR_SLACK);
    });
    await("heap, given back")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(footprint().heap).isLessThan(before.heap + HEAP_SLACK));
    assertThat(metric("chat_errors_total{code=\"internal\"}")).isZero();
    assertThat(metric("chat_connections_closed_total{code=\"1011\"}")).isZero();
    assertThat(footprint().beside).isLessThan(before.beside + NATIVE_SLACK);
    requireKeysToEnd();
    requireQuietLog();
    System.out.printf("abuse: before %s, after %s%n", before, footprint());
  }

  private void requireQuietLog() {
    List<String> said = logLines();
    List<String> since = said.subList(logBefore, said.size());
    assertThat(since).noneMatch(line -> NEVER_LOGGED.stream().anyMatch(line::contains));
    assertThat(since).hasSizeLessThanOrEqualTo(LOG_SLACK);
    assertThat(since).allMatch(line -> line.length() <= MAX_LOG_LINE);
  }

  private void requireKeysToEnd() {
    try (Jedis redis = TestRedis.connect()) {
      Set<String> keys = redis.keys(keyPrefix + "*");
      assertThat(keys).isNotEmpty();
      // -2: it has ended since it was listed.
      assertThat(keys).allMatch(key -> redis.pttl(key) != -1);
      System.out.printf("abuse: %d keys in Redis, all with a lifetime%n", keys.size());
    }
  }

  private List<String> logLines() {
    return process.log().lines().toList();
  }

  Footprint footprint() {
    collectGarbage();
    return new Footprint(
        (int) metric("chat_connections "),
        (int) metric("chat_rooms "),
        descriptors(),
        (long) metric("jvm_memory_used_bytes{area=\"heap\""),
        resident() - (long) metric("jvm_memory_committed_bytes{area=\"heap\""));
  }

  /** The sum of the samples whose line begins so. */
  double metric(String beginning) {
    return PodProcess.get(process.management("/q/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** How many files and sockets it has open. */
  int descriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return (int) all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long resident() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      String line = lines.filter(one -> one.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collectGarbage() {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      int status = new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      assertThat(status).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
