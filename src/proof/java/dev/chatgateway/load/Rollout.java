package dev.chatgateway.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes pods under load the way Kubernetes does, and tells what clients noticed: messages that were
 * lost, reconnects that were more than one, departures that the rooms were told of, and how long
 * nobody was reached.
 */
final class Rollout {
  private static final Set<String> KNOWN = Set.of(
      "clients",
      "room",
      "socketio",
      "polling",
      "rate",
      "arrive",
      "pods",
      "minReady",
      "preStop",
      "grace",
      "inTime",
      "afterwards",
      "pause");
  private static final Duration LONG = Duration.ofMinutes(15);
  private static final Duration BEFORE = Duration.ofSeconds(10);

  private final Settings settings;
  private final int pods;

  /** What is done to the deployment. */
  enum Change {
    /** Every pod is replaced. */
    UPDATE {
      @Override
      void make(Deployment deployment, int pods, Duration pause) {
        deployment.update(2);
      }
    },

    /** From three pods to five and, after a while in which clients may be moved, to two. */
    SCALE {
      @Override
      void make(Deployment deployment, int pods, Duration pause) {
        deployment.scale(pods + 2);
        await(deployment);
        Stage.last(pause);
        deployment.scale(pods - 1);
      }
    },

    /** A second update begins while the first one is under way. */
    TWICE {
      @Override
      void make(Deployment deployment, int pods, Duration pause) {
        deployment.update(2);
        Stage.await("a new pod", LONG, () -> deployment.available(2) > 0);
        deployment.update(3);
      }
    },

    /** An update is taken back when two thirds of it have been made. */
    UNDO {
      @Override
      void make(Deployment deployment, int pods, Duration pause) {
        deployment.update(2);
        Stage.await("new pods", LONG, () -> deployment.available(2) > 1);
        deployment.update(1);
      }
    };

    abstract void make(Deployment deployment, int pods, Duration pause);

    static void await(Deployment deployment) {
      Stage.await("the pods that are wanted", LONG, deployment::settled);
    }
  }

  private Rollout(Settings settings) {
    this.settings = settings;
    pods = settings.number("pods", 3);
  }

  static void main(String[] arguments) {
    if (arguments.length < 2) {
      throw new IllegalArgumentException("rollout is one of " + List.of(Change.values()));
    }
    Change change = Change.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    new Rollout(new Settings(arguments, 2, KNOWN)).run(change);
  }

  private void run(Change change) {
    Endpoints endpoints = new Endpoints();
    var pace = new Deployment.Pace(
        settings.seconds("minReady", 20),
        settings.seconds("preStop", 5),
        settings.seconds("grace", 45));
    var cast = new Crowd.Cast(
        0,
        settings.number("clients", 2000),
        settings.number("room", 4),
        settings.number("socketio", 35),
        settings.number("polling", 5),
        "127.0.0.1",
        true,
        Duration.ofSeconds(10));
    try (Stage stage = new Stage(settings, "-XX:+UseSerialGC");
        Deployment deployment = new Deployment(endpoints, pods, pace, stage::pod);
        Crowd crowd = new Crowd(cast, endpoints)) {
      Stage.await("pods", LONG, () -> endpoints.count() == pods);
      crowd.arrive(settings.number("arrive", 200));
      Stage.settle(crowd, LONG);
      Change.await(deployment);
      int rate = settings.number("rate", 100);
      crowd.talk(rate);
      Stage.last(BEFORE);
      crowd.onLoop(() -> {
        crowd.seen().watch();
        return null;
      });
      long begun = System.nanoTime();
      change.make(deployment, pods, settings.seconds("pause", 120));
      Change.await(deployment);
      Stage.last(settings.seconds("afterwards", 10));
      crowd.talk(0);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Stage.settle(crowd, LONG);
      Stage.last(Duration.ofSeconds(2));
      Figures figures = new Figures()
          .put("settings", settings)
          .put("clients", cast.clients())
          .put("messages per second", rate)
          .put("seconds", seconds, 0);
      crowd.onLoop(() -> {
        write(figures, crowd);
        return null;
      });
      figures.tell("rollout " + change.name().toLowerCase(Locale.ROOT));
    }
  }

  private void write(Figures figures, Crowd crowd) {
    Seen seen = crowd.seen();
    seen.ledger().write(figures, crowd.clients());
    seen.write(figures);
    Absences.write(figures, seen.absences());
    figures.put("reconnects in any one second, at most", seen.reconnectPeak());
    presence(figures, seen);
    figures
        .put("latency while it went on, p50, ms", seen.latencies().percentile(0.5), 1)
        .put("latency while it went on, p99, ms", seen.latencies().percentile(0.99), 1)
        .put("clients by pod at the end", byPod(crowd));
  }

  private void presence(Figures figures, Seen seen) {
    double inTimeMs = settings.number("inTime", 10) * 1000.0;
    Map<String, Absence> absences = new HashMap<>();
    seen.absences()
        .forEach(one -> absences.merge(one.client.user(), one, (a, b) -> a.ms() > b.ms() ? a : b));
    long wrongly = seen.presences().stream()
        .filter(Seen.Presence::left)
        .filter(
            one -> absences.containsKey(one.user()) && absences.get(one.user()).ms() < inTimeMs)
        .count();
    figures
        .put(
            "user_left heard",
            seen.presences().stream().filter(Seen.Presence::left).count())
        .put("of them of users who were back within inTime", wrongly)
        .put(
            "user_joined heard",
            seen.presences().stream().filter(p -> !p.left()).count());
  }

  private static Map<Integer, Integer> byPod(Crowd crowd) {
    Map<Integer, Integer> counts = new TreeMap<>();
    crowd.clients().forEach(client -> counts.merge(client.pod(), 1, Integer::sum));
    return counts;
  }
}
