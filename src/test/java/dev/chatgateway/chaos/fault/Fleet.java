package dev.chatgateway.chaos.fault;

import dev.chatgateway.testing.Nginx;
import dev.chatgateway.testing.PodProcess;
import dev.chatgateway.testing.PodSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Pods behind a balancer. Who is not ready gets no more connections, soon after, as with the endpoints
 * of a Kubernetes service; who is started again has its former ports.
 */
public final class Fleet implements AutoCloseable {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);
  private static final long PROBE_EVERY_MS = 500;
  private static final Duration EXIT = Duration.ofSeconds(30);

  private final List<PodSpec> specs = new ArrayList<>();
  private final List<PodProcess> pods = new ArrayList<>();
  private final Nginx nginx;
  private final Thread probing = new Thread(this::probe, "readiness");
  private List<PodProcess> routed;
  private volatile boolean closed;

  /** That many pods, of at most that many, all ready. */
  public Fleet(Store store, int size, int capacity, String... settings) {
    for (int i = 0; i < capacity; i++) {
      PodSpec spec = new PodSpec().set(settings);
      store.configure(spec);
      specs.add(spec);
      pods.add(i < size ? spec.launch() : null);
    }
    List<PodProcess> first = pods.subList(0, size);
    try {
      first.forEach(PodProcess::awaitReady);
      routed = List.copyOf(first);
      nginx = Nginx.routing(routed);
    } catch (RuntimeException e) {
      first.forEach(PodProcess::close);
      throw e;
    }
    probing.setDaemon(true);
    probing.start();
  }

  public URI balancer() {
    return nginx.address();
  }

  /** Where the first pods are, past the balancer, whether they run or not. */
  public List<URI> addresses(int count) {
    return specs.subList(0, count).stream()
        .map(spec -> URI.create("http://127.0.0.1:" + spec.port()))
        .toList();
  }

  /** The names of all pods there may be, by their {@code host:port}. */
  public Map<String, String> names() {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      names.put("127.0.0.1:" + specs.get(i).port(), name(i));
    }
    return names;
  }

  /** The names of the pods that run now, by their {@code host:port}. */
  public Map<String, String> running() {
    Map<String, String> running = new TreeMap<>();
    synchronized (pods) {
      for (int i = 0; i < pods.size(); i++) {
        if (pods.get(i) != null && pods.get(i).isAlive()) {
          running.put("127.0.0.1:" + specs.get(i).port(), name(i));
        }
      }
    }
    return running;
  }

  /** A pod's number to its name in histories. */
  public static String name(int pod) {
    return "pod-" + (pod + 1);
  }

  /** Ends a pod at once, with SIGKILL. */
  public void kill(int pod) {
    pod(pod).kill();
  }

  /** Ends a pod with SIGTERM, and returns when it has gone. */
  public void terminate(int pod) {
    PodProcess going = pod(pod);
    going.stop();
    going.awaitExit(EXIT);
  }

  /** Starts a pod that has ended, or for the first time; returns when it is ready. */
  public void start(int pod) {
    PodProcess started = specs.get(pod).launch();
    synchronized (pods) {
      pods.set(pod, started);
    }
    started.awaitReady();
  }

  public void freeze(int pod) {
    pod(pod).pause();
  }

  public void thaw(int pod) {
    pod(pod).resume();
  }

  private PodProcess pod(int pod) {
    synchronized (pods) {
      return pods.get(pod);
    }
  }

  private List<PodProcess> all() {
    synchronized (pods) {
      return pods.stream().filter(pod -> pod != null).toList();
    }
  }

  private void probe() {
    while (!closed) {
      List<PodProcess> ready = all().parallelStream()
          .filter(pod -> pod.isAlive() && pod.isReady(PROBE_TIMEOUT))
          .toList();
      if (!closed && !ready.equals(routed)) {
        routed = ready;
        nginx.route(ready);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PROBE_EVERY_MS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** What the pods have logged as an error. */
  public List<String> errors() {
    return all().stream()
        .flatMap(pod -> pod.log().lines())
        .filter(line -> line.contains(" ERROR "))
        .toList();
  }

  @Override
  public void close() {
    closed = true;
    probing.interrupt();
    try {
      probing.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    nginx.close();
    all().forEach(pod -> {
      if (pod.isAlive()) {
        pod.resume();
      }
      pod.close();
    });
  }
}
