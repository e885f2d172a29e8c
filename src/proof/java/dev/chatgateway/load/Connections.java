package dev.chatgateway.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Holds as many connections as it is told, each a user's own and joined to a ticket of two, on several
 * pods of this machine, and tells what they take while they are quiet and while they talk.
 */
final class Connections {
  private static final Set<String> KNOWN =
      Set.of("connections", "pods", "socketio", "rate", "arrive", "idle", "talk", "heap", "young");
  private static final Duration LONG = Duration.ofMinutes(30);
  private static final Duration WARM = Duration.ofSeconds(15);

  private final Settings settings;
  private final int connections;
  private final int pods;
  private final Figures figures = new Figures();

  private Connections(Settings settings) {
    this.settings = settings;
    connections = settings.number("connections", 100_000);
    pods = settings.number("pods", (connections + 16_999) / 17_000);
  }

  static void main(String[] arguments) {
    new Connections(new Settings(arguments, 1, KNOWN)).run();
  }

  private String[] flags() {
    String heap = settings.number("heap", 512) + "m";
    return new String[] {
      "-XX:+UseSerialGC",
      "-XX:+IgnoreUnrecognizedVMOptions",
      "-XX:+UseCompactObjectHeaders",
      "-Xms" + heap,
      "-Xmx" + heap,
      "-Xmn" + settings.number("young", 24) + "m"
    };
  }

  private void run() {
    Endpoints endpoints = new Endpoints();
    var pace = new Deployment.Pace(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(45));
    try (Stage stage = new Stage(settings, flags());
        Deployment deployment = new Deployment(endpoints, pods, pace, stage::pod)) {
      Stage.await("pods", LONG, () -> endpoints.count() == pods);
      List<Long> servers = deployment.pods().stream().map(Replica::pid).toList();
      List<Integer> ports = deployment.pods().stream().map(Replica::port).toList();
      int socketIo = settings.number("socketio", 0);
      try (Shards shards = new Shards(pods, connections, socketIo, ports)) {
        figures.put("settings", settings).put("pods", pods);
        measure(shards, servers, stage.redis().pid());
      }
    }
    figures.tell("connections");
  }

  private void measure(Shards shards, List<Long> servers, long redis) {
    List<Long> all = new ArrayList<>(servers);
    all.add(redis);
    Usage fresh = Usage.of(all);
    Usage bare = Usage.of(servers);
    long begun = System.nanoTime();
    shards.share("arrive", settings.number("arrive", 300));
    int seated = awaitAll(shards);
    Usage joined = Usage.of(all);
    figures
        .put("connections that have joined", seated)
        .put("seconds it took", (System.nanoTime() - begun) / 1e9, 0)
        .put(
            "CPU-ms per connection, pods and Redis",
            (joined.cpuSeconds() - fresh.cpuSeconds()) * 1e3 / seated,
            2)
        .put(
            "pods' KB RSS per connection, growth",
            (double) (Usage.of(servers).residentKb() - bare.residentKb()) / seated,
            1);

    Duration idle = settings.seconds("idle", 60);
    Usage before = Usage.of(all);
    Stage.last(idle);
    double quiet = Usage.of(all).cpuSeconds() - before.cpuSeconds();
    figures
        .put("quiet: cores taken, pods and Redis", quiet / idle.toSeconds(), 2)
        .put(
            "quiet: pods' KB RSS per connection, growth",
            (double) (Usage.of(servers).residentKb() - bare.residentKb()) / seated,
            1);
    talk(shards, servers, redis, quiet / idle.toSeconds());
    figures
        .put("pods' MB RSS together", Usage.of(servers).residentKb() / 1024)
        .put(
            "pods' KB RSS per connection, growth, at the end",
            (double) (Usage.of(servers).residentKb() - bare.residentKb()) / seated,
            1)
        .put("Redis' MB RSS", Usage.of(List.of(redis)).residentKb() / 1024)
        .put("load generators' MB RSS", Usage.of(shards.pids()).residentKb() / 1024);
  }

  /** Waits until all have joined, or no more do. */
  private int awaitAll(Shards shards) {
    int seated = 0;
    long changed = System.nanoTime();
    while (seated < connections && System.nanoTime() - changed < WARM.toNanos() * 6) {
      Stage.last(Duration.ofSeconds(2));
      ObjectNode now = shards.report(new Latencies());
      if (now.get("seated").asInt() > seated) {
        changed = System.nanoTime();
      }
      seated = now.get("seated").asInt();
      System.out.println(now);
    }
    return seated;
  }

  private void talk(Shards shards, List<Long> servers, long redis, double quietCores) {
    Duration time = settings.seconds("talk", 60);
    int rate = settings.number("rate", 500);
    shards.share("talk", rate);
    Stage.last(WARM);
    Usage podsBefore = Usage.of(servers);
    Usage redisBefore = Usage.of(List.of(redis));
    shards.tell("restart");
    Stage.last(time);
    Latencies latencies = new Latencies();
    ObjectNode report = shards.report(latencies);
    double ofPods = Usage.of(servers).cpuSeconds() - podsBefore.cpuSeconds();
    double ofRedis = Usage.of(List.of(redis)).cpuSeconds() - redisBefore.cpuSeconds();
    long deliveries = report.get("deliveries").asLong();
    shards.share("talk", 0);
    figures
        .put("talking: messages per second", rate)
        .put("talking: deliveries", deliveries)
        .put("talking: CPU-µs per delivery, pods", ofPods * 1e6 / deliveries, 0)
        .put("talking: CPU-µs per delivery, Redis", ofRedis * 1e6 / deliveries, 0)
        .put(
            "talking: the same together, without what quiet takes",
            (ofPods + ofRedis - quietCores * time.toSeconds()) * 1e6 / deliveries,
            0)
        .put("talking: latency p50, ms", latencies.percentile(0.5), 1)
        .put("talking: latency p99, ms", latencies.percentile(0.99), 1)
        .put("connections joined afterwards", report.get("seated"))
        .put("connections lost meanwhile", report.get("lost"))
        .put("tries to connect that failed", report.get("failures"))
        .put("messages twice or out of turn, and refusals", report.get("odd"));
  }
}
