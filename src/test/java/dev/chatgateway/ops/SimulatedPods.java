package dev.chatgateway.ops;

import dev.chatgateway.presence.PodLoad;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Pods and their clients in simulated time: each {@link Rebalance} hears every second what all pods
 * said in the second before, and who is sent away leaves after a random delay and comes back by a
 * balancer.
 */
final class SimulatedPods {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int STEPS_PER_BEAT = 10;

  /** Where a client that connects ends up; null for nowhere. */
  @FunctionalInterface
  interface Balancer {
    SimulatedPod choose(List<SimulatedPod> pods, SimulatedPod before);
  }

  private record Leaving(long atNanos, SimulatedPod pod, Client client) {}

  /** A client, wherever it is now. */
  static final class Client {
    int moves;
  }

  private final Random random;
  private final Balancer balancer;
  private final RebalanceConfig config;
  private final Map<String, SimulatedPod> pods = new LinkedHashMap<>();
  private final PriorityQueue<Leaving> leaving =
      new PriorityQueue<>(Comparator.comparingLong(Leaving::atNanos));
  private Map<String, Optional<PodLoad>> said = new HashMap<>();
  private long nowNanos;
  private long steps;

  SimulatedPods(Random random, Balancer balancer, String... settings) {
    this.random = random;
    this.balancer = balancer;
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put("chat.rebalance." + settings[i], settings[i + 1]);
    }
    config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(all, "test", 100))
        .withMapping(RebalanceConfig.class)
        .build()
        .getConfigMapping(RebalanceConfig.class);
  }

  RebalanceConfig config() {
    return config;
  }

  /** A pod more, with so many clients that came before. */
  SimulatedPod start(int clients) {
    SimulatedPod pod = new SimulatedPod("pod" + pods.size());
    pods.put(pod.name, pod);
    for (int i = 0; i < clients; i++) {
      pod.connect(new Client());
    }
    return pod;
  }

  /** So many clients connect by way of the balancer. */
  void connect(int clients) {
    for (int i = 0; i < clients; i++) {
      balancer.choose(accepting(), null).connect(new Client());
    }
  }

  private List<SimulatedPod> accepting() {
    return pods.values().stream().filter(pod -> pod.accepting).toList();
  }

  /** Lets that much time pass. */
  void pass(Duration time) {
    long end = nowNanos + time.toNanos();
    while (nowNanos < end) {
      nowNanos += STEP.toNanos();
      while (!leaving.isEmpty() && leaving.peek().atNanos() <= nowNanos) {
        Leaving next = leaving.poll();
        next.pod().leave(next.client());
        next.client().moves++;
        SimulatedPod chosen = balancer.choose(accepting(), next.pod());
        if (chosen != null) {
          chosen.connect(next.client());
        }
      }
      if (++steps % STEPS_PER_BEAT == 0) {
        beat();
      }
    }
  }

  private void beat() {
    Map<String, Optional<PodLoad>> heard = said;
    said = new HashMap<>();
    pods.forEach((name, pod) -> said.put(
        name,
        pod.silent ? Optional.empty() : Optional.of(new PodLoad(pod.count(), pod.accepting))));
    if (heard.keySet().containsAll(pods.keySet())) {
      pods.values().forEach(pod -> pod.rebalance.heard(pod.name, heard));
    }
  }

  int connections() {
    return pods.values().stream().mapToInt(SimulatedPod::count).sum();
  }

  /** One of the pods. */
  final class SimulatedPod implements Rebalance.Connections {
    final String name;
    private final Rebalance rebalance;
    // In the order they came, each with its number.
    private final LinkedHashMap<Client, Long> clients = new LinkedHashMap<>();
    private final List<Client> asked = new ArrayList<>();
    private long numbers;
    private int sentAway;
    private int most;
    private int least = Integer.MAX_VALUE;
    private boolean accepting = true;
    private boolean silent;

    private SimulatedPod(String name) {
      this.name = name;
      this.rebalance = new Rebalance(config, this, () -> nowNanos);
    }

    private void connect(Client client) {
      clients.put(client, ++numbers);
      most = Math.max(most, count());
    }

    private void leave(Client client) {
      clients.remove(client);
      asked.remove(client);
      least = Math.min(least, count());
    }

    @Override
    public int staying() {
      return clients.size() - asked.size();
    }

    @Override
    public long newest() {
      return numbers;
    }

    @Override
    public void sendAway(int count, long upTo) {
      List<Client> chosen = clients.entrySet().stream()
          .filter(entry -> entry.getValue() <= upTo && !asked.contains(entry.getKey()))
          .limit(count)
          .map(Map.Entry::getKey)
          .toList();
      sentAway += chosen.size();
      asked.addAll(chosen);
      for (Client client : chosen) {
        long delay = (long) (random.nextDouble() * config.interval().toNanos() / 2);
        leaving.add(new Leaving(nowNanos + delay, this, client));
      }
    }

    int count() {
      return clients.size();
    }

    /** How many it has ever sent away. */
    int sentAway() {
      return sentAway;
    }

    /** The most it ever had. */
    int most() {
      return most;
    }

    /** The least it had when somebody had left; a large number where nobody ever did. */
    int least() {
      return least;
    }

    double share() {
      return rebalance.share();
    }

    /** How often that one of its clients was moved that was most. */
    int mostMoves() {
      return clients.keySet().stream().mapToInt(client -> client.moves).max().orElse(0);
    }

    /** Takes no more, and what it has stays for now. */
    void drain() {
      accepting = false;
    }

    /** Has a version that says nothing of itself. */
    void silent() {
      silent = true;
    }
  }
}
