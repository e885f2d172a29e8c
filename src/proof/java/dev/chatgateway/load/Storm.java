package dev.chatgateway.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kills a pod, which nobody replaces, under thousands of clients, and tells how long it took until all
 * had resumed on the others, and what those who had stayed noticed of it.
 */
final class Storm {
  private static final Set<String> KNOWN =
      Set.of("clients", "room", "socketio", "polling", "rate", "arrive", "pods", "heap");
  private static final Duration LONG = Duration.ofMinutes(15);
  private static final Duration BEFORE = Duration.ofSeconds(15);

  private Storm() {}

  static void main(String[] arguments) {
    Settings settings = new Settings(arguments, 1, KNOWN);
    Endpoints endpoints = new Endpoints();
    int pods = settings.number("pods", 2);
    var pace = new Deployment.Pace(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(45));
    var cast = new Crowd.Cast(
        0,
        settings.number("clients", 10_000),
        settings.number("room", 2),
        settings.number("socketio", 40),
        settings.number("polling", 0),
        "127.0.0.1",
        true,
        Duration.ofSeconds(10));
    String heap = "-Xmx" + settings.number("heap", 512) + "m";
    try (Stage stage = new Stage(settings, "-XX:+UseSerialGC", heap);
        Deployment deployment = new Deployment(endpoints, pods, pace, stage::pod);
        Crowd crowd = new Crowd(cast, endpoints)) {
      Stage.await("pods", LONG, () -> endpoints.count() == pods);
      crowd.arrive(settings.number("arrive", 250));
      Stage.settle(crowd, LONG);
      int rate = settings.number("rate", 300);
      crowd.talk(rate);
      Stage.last(BEFORE);
      crowd.onLoop(() -> {
        crowd.seen().watch();
        return null;
      });
      Stage.last(BEFORE);
      Latencies before = crowd.onLoop(() -> {
        Latencies so = crowd.seen().latencies();
        crowd.seen().restart();
        return so;
      });
      Replica victim = deployment.pods().get(0);
      long killedAt = System.nanoTime();
      deployment.lose(victim);
      Stage.last(Duration.ofMillis(200));
      Stage.await("everybody", LONG, () -> crowd.seated() == cast.clients());
      double seconds = (System.nanoTime() - killedAt) / 1e9;
      Map<Long, Latencies> meanwhile =
          crowd.onLoop(() -> Map.copyOf(crowd.seen().perSecond()));
      crowd.talk(0);
      Stage.settle(crowd, LONG);
      Stage.last(Duration.ofSeconds(2));
      Figures figures = new Figures()
          .put("settings", settings)
          .put("clients", cast.clients())
          .put("messages per second", rate)
          .put("seconds until all had joined again", seconds, 1);
      crowd.onLoop(() -> {
        List<Absence> lost = crowd.seen().absences();
        crowd.seen().ledger().write(figures, crowd.clients());
        crowd.seen().write(figures);
        Absences.write(figures, lost);
        figures.put("reconnects in any one second, at most", crowd.seen().reconnectPeak());
        return null;
      });
      figures
          .put("latency before, p50, ms", before.percentile(0.5), 1)
          .put("latency before, p99, ms", before.percentile(0.99), 1)
          .put("p99 of the worst second meanwhile, ms", worst(meanwhile), 1)
          .tell("storm");
    }
  }

  private static double worst(Map<Long, Latencies> perSecond) {
    return perSecond.values().stream()
        .mapToDouble(second -> second.percentile(0.99))
        .max()
        .orElse(0);
  }
}
