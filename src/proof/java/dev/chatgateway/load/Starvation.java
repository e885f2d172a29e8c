package dev.chatgateway.load;

import dev.chatgateway.testing.PodProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starves one of two pods of CPU, by a neighbour on the only core it may use, while clients talk, and
 * tells what they were told of it: of users who never left, and of rooms they had not left. Runs on
 * Linux, as root.
 */
final class Starvation {
  private static final Set<String> KNOWN =
      Set.of("clients", "room", "rate", "arrive", "heap", "seconds", "nice");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration BEFORE = Duration.ofSeconds(5);
  private static final Duration AFTERWARDS = Duration.ofSeconds(20);
  private static final int CORE = 0;

  private Starvation() {}

  static void main(String[] arguments) {
    Settings settings = new Settings(arguments, 1, KNOWN);
    Endpoints endpoints = new Endpoints();
    int clients = settings.number("clients", 3000);
    var cast = new Crowd.Cast(
        0, clients, settings.number("room", 3), 0, 0, "127.0.0.1", true, Duration.ofSeconds(30));
    String heap = "-Xmx" + settings.number("heap", 256) + "m";
    try (Stage stage = new Stage(settings, "-XX:+UseSerialGC", heap);
        PodProcess starved = start(stage);
        PodProcess other = start(stage);
        Crowd crowd = new Crowd(cast, endpoints)) {
      endpoints.set(
          Stream.of(starved, other).map(pod -> pod.http("/").getPort()).toList());
      crowd.arrive(settings.number("arrive", 200));
      Stage.settle(crowd, LONG);
      int rate = settings.number("rate", 150);
      crowd.talk(rate);
      Stage.last(BEFORE);
      crowd.onLoop(() -> {
        crowd.seen().watch();
        return null;
      });
      starve(starved, settings.number("nice", 15), settings.seconds("seconds", 60));
      long relieved = System.nanoTime();
      crowd.talk(0);
      Stage.settle(crowd, LONG);
      double drained = (System.nanoTime() - relieved) / 1e9;
      Stage.last(AFTERWARDS);
      Figures figures = new Figures()
          .put("settings", settings)
          .put("clients", clients)
          .put("messages per second", rate)
          .put("leases lost", count(List.of(starved, other), "the lease has run out"))
          .put("times a pod was swept", count(List.of(starved, other), "is dead; sweeping"))
          .put("seconds until all was answered afterwards", drained, 1);
      crowd.onLoop(() -> {
        Set<String> absent = crowd.seen().absences().stream()
            .map(absence -> absence.client.user())
            .collect(Collectors.toSet());
        List<Seen.Presence> left =
            crowd.seen().presences().stream().filter(Seen.Presence::left).toList();
        figures
            .put("user_left heard", left.size())
            .put(
                "of them of users whose connection never ended",
                left.stream().filter(one -> !absent.contains(one.user())).count());
        crowd.seen().ledger().write(figures, crowd.clients());
        crowd.seen().write(figures);
        Absences.write(figures, crowd.seen().absences());
        return null;
      });
      Latencies latencies = crowd.onLoop(() -> crowd.seen().latencies());
      figures
          .put("latency, p50, ms", latencies.percentile(0.5), 1)
          .put("latency, p99, ms", latencies.percentile(0.99), 1)
          .tell("starvation");
    }
  }

  private static PodProcess start(Stage stage) {
    PodProcess pod = stage.pod().launch();
    pod.awaitReady();
    return pod;
  }

  /** Lets a neighbour have the pod's core for a while; returns when it is gone. */
  private static void starve(PodProcess pod, int nice, Duration time) {
    run("taskset", "-apc", Integer.toString(CORE), Long.toString(pod.pid()));
    renice(pod, nice);
    Process neighbour =
        begin("taskset", "-c", Integer.toString(CORE), "sh", "-c", "while :; do :; done");
    try {
      Stage.last(time);
    } finally {
      neighbour.destroyForcibly();
    }
    renice(pod, 0);
    run("taskset", "-apc", "0-" + (Runtime.getRuntime().availableProcessors() - 1), "" + pod.pid());
  }

  // It is a thread's own in Linux.
  private static void renice(PodProcess pod, int nice) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pod.pid() + "/task"))) {
      List<String> command = new ArrayList<>(List.of("renice", "-n", "" + nice, "-p"));
      threads.forEach(thread -> command.add(thread.getFileName().toString()));
      run(command.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    Process process = begin(command);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException(command[0] + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Process begin(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long count(List<PodProcess> pods, String said) {
    return pods.stream()
        .flatMap(pod -> pod.log().lines())
        .filter(line -> line.toLowerCase().contains(said))
        .count();
  }
}
