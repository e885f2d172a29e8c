package dev.chatgateway.load;

import dev.chatgateway.testing.PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Pods, brought to what is wanted the way the Deployment controller of Kubernetes does: new ones
 * first ({@code maxSurge: 1}, {@code maxUnavailable: 0}), and an old one goes when a new one has been
 * ready for {@code minReadySeconds}. A pod that goes is no endpoint from that moment, sleeps its
 * {@code preStop}, and gets SIGTERM. The endpoints are told by readiness.
 */
final class Deployment implements AutoCloseable {
  private static final long LOOK_EVERY_MS = 250;
  private static final int SURGE = 1;

  /** As in {@code k8s/base/deployment.yaml}, if not set otherwise. */
  record Pace(Duration minReady, Duration preStop, Duration grace) {}

  private final Endpoints endpoints;
  private final Supplier<PodSpec> specs;
  private final Pace pace;
  private final List<Replica> pods = new ArrayList<>();
  private final Thread controller = new Thread(this::control, "deployment");
  private final long begun = System.nanoTime();
  private int revision = 1;
  private int wanted;
  private volatile boolean closed;

  /** With that many pods; {@link #settled} tells when they are there. */
  Deployment(Endpoints endpoints, int wanted, Pace pace, Supplier<PodSpec> specs) {
    this.endpoints = endpoints;
    this.specs = specs;
    this.pace = pace;
    this.wanted = wanted;
    controller.setDaemon(true);
    controller.start();
  }

  /** Makes another revision the wanted one, be it new or one that there was. */
  synchronized void update(int to) {
    say("revision " + to + " is wanted");
    revision = to;
  }

  synchronized void scale(int to) {
    say(to + " pods are wanted");
    wanted = to;
  }

  /** A pod is killed, with SIGKILL, and nobody replaces it. */
  synchronized void lose(Replica pod) {
    say("killing " + pod);
    wanted--;
    pod.kill();
  }

  /** Whether all is as wanted, and nothing that is not is left. */
  synchronized boolean settled() {
    return pods.size() == wanted
        && pods.stream()
            .allMatch(pod -> pod.revision() == revision && pod.available(pace.minReady()));
  }

  /** The pods there are, those that are on their way out included. */
  synchronized List<Replica> pods() {
    return List.copyOf(pods);
  }

  /** Those of that revision that are not on their way out and are available. */
  synchronized long available(int ofRevision) {
    return pods.stream()
        .filter(
            pod -> pod.revision() == ofRevision && !pod.going() && pod.available(pace.minReady()))
        .count();
  }

  private void control() {
    while (!closed) {
      pods().parallelStream().forEach(Replica::probe);
      synchronized (this) {
        pods.removeIf(pod -> !pod.alive());
        endpoints.set(pods.stream()
            .filter(pod -> pod.ready() && !pod.going())
            .map(Replica::port)
            .toList());
        if (!closed) {
          reconcile();
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void reconcile() {
    List<Replica> live = those(pod -> !pod.going());
    List<Replica> old = those(pod -> !pod.going() && pod.revision() != revision);
    int room = old.isEmpty() ? wanted - live.size() : wanted + SURGE - live.size();
    int lacking = wanted - (live.size() - old.size());
    for (int i = 0; i < Math.min(room, lacking); i++) {
      Replica started = new Replica(specs.get(), revision);
      pods.add(started);
      say("started " + started);
    }
    long spare = live.stream().filter(pod -> pod.available(pace.minReady())).count() - wanted;
    List<Replica> surplus = old.isEmpty() ? newestFirst(live) : unreadyFirst(old);
    int over = live.size() - wanted;
    for (Replica pod : surplus) {
      boolean counts = pod.available(pace.minReady());
      // A pod that serves nobody can go at once: nothing is lost by it.
      if (over > 0 && (spare > 0 || !counts)) {
        over--;
        spare -= counts ? 1 : 0;
        say("ending " + pod);
        pod.end(pace.preStop(), pace.grace());
      }
    }
  }

  private List<Replica> those(Predicate<Replica> which) {
    return new ArrayList<>(pods.stream().filter(which).toList());
  }

  private static List<Replica> newestFirst(List<Replica> list) {
    List<Replica> reversed = new ArrayList<>();
    list.forEach(pod -> reversed.add(0, pod));
    return reversed;
  }

  private static List<Replica> unreadyFirst(List<Replica> list) {
    list.sort((a, b) -> Boolean.compare(a.ready(), b.ready()));
    return list;
  }

  private void say(String what) {
    System.out.printf("%6.1f s  %s%n", (System.nanoTime() - begun) / 1e9, what);
  }

  @Override
  public void close() {
    closed = true;
    controller.interrupt();
    try {
      controller.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pods().forEach(Replica::close);
  }
}
