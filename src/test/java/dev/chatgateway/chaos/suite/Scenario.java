package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Fleet;
import dev.chatgateway.chaos.fault.Store;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.chaos.suite.StoreKind.Loss;
import dev.chatgateway.chaos.workload.Aftermath;
import dev.chatgateway.chaos.workload.Emptying;
import dev.chatgateway.chaos.workload.Gateway;
import dev.chatgateway.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Pods under load, faults, and then agreement; what happened is in a history. */
final class Scenario {
  static final Path FOLDER = Path.of("target", "chaos");

  private static final int PODS = 3;
  private static final int CAPACITY = 5;
  private static final int KEPT = 1000;
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final Duration AFTERWARDS = Duration.ofSeconds(8);
  private static final long GHOST_MS = 15_000;
  private static final Duration MISSED = Duration.ofMillis(GHOST_MS + 3000);

  private final List<Disruption> troubles;
  private final long seed;
  private final Pace pace;

  Scenario(List<Disruption> troubles, long seed, Pace pace) {
    this.troubles = troubles;
    this.seed = seed;
    this.pace = pace;
  }

  String name() {
    return troubles.stream().map(Disruption::wire).collect(Collectors.joining("+"));
  }

  boolean isControl() {
    return name().equals(Disruption.CONTROL.wire());
  }

  Path file() {
    return FOLDER.resolve(name() + ".jsonl");
  }

  /**
   * Runs it, which leaves its history in {@link #file}.
   *
   * @return what was not as it should be in time; the history tells the rest
   */
  List<String> run() {
    List<String> problems = new ArrayList<>();
    try (Store store = storeKind().start(seed);
        Fleet fleet = new Fleet(store, PODS, CAPACITY, settings());
        Workload workload = new Workload(seed, pace.messagesPerSecond());
        History history = History.begin(file(), header(workload))) {
      Gateway gateway =
          new Gateway(fleet.balancer(), fleet.addresses(PODS), fleet.names(), fleet::running);
      workload.begin(history, gateway);
      Aftermath aftermath = workload.aftermath();
      long begun = System.nanoTime();
      World.last(WARM_UP.toMillis());
      workload.faultBegins();
      strike(store, fleet, workload, history);
      workload.faultEnds();
      history.write(new Fault.Stop());
      long left = pace.load().toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      World.last(Math.max(AFTERWARDS.toMillis(), left));
      awaitMissed(aftermath);
      workload.fallSilent();
      long silent = System.nanoTime();
      settle("did not settle", aftermath::unsettled, silent, problems);
      settle("do not agree", aftermath::disagreements, silent, problems);
      settle("are ghosts", aftermath::ghosts, silent, problems);
      aftermath.publishLast();
      long published = System.nanoTime();
      settle("did not settle at last", aftermath::unsettled, published, problems);
      settle("do not agree at last", aftermath::disagreements, published, problems);
      aftermath.writeEnd(history);
      empty(workload.emptying(), history, problems);
    }
    return problems;
  }

  /** Whatever the gateway leaked, is there when all have gone, and nobody hides it any more. */
  private static void empty(Emptying emptying, History history, List<String> problems) {
    emptying.begin();
    long gone = System.nanoTime();
    settle("remain", emptying::remaining, gone, MISSED, problems);
    // Who was too busy to answer everything until then is asked again: it is not to be guessed.
    settle("do not answer", emptying::silent, gone, Aftermath.bound(), problems);
    emptying.write(history);
  }

  /** Whoever went for good has been gone for so long that it can be judged who still shows them. */
  private static void awaitMissed(Aftermath aftermath) {
    long since = System.nanoTime();
    while (aftermath.missed().compareTo(MISSED) < 0
        && System.nanoTime() - since < Aftermath.bound().toNanos()) {
      World.last(200);
    }
  }

  private void strike(Store store, Fleet fleet, Workload workload, History history) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[troubles.size()];
    for (int i = 0; i < all.length; i++) {
      // Each chooses by itself: which of two is first depends on the machine.
      World world = new World(fleet, store, workload, history, new Random(seed + i), PODS);
      Disruption trouble = troubles.get(i);
      all[i] = CompletableFuture.runAsync(
          () -> trouble.strike(world), action -> new Thread(action, trouble.wire()).start());
    }
    CompletableFuture.allOf(all).orTimeout(3, TimeUnit.MINUTES).join();
  }

  /** Waits until nothing is left on that list. */
  private static void settle(
      String what, Supplier<List<String>> left, long since, List<String> problems) {
    settle(what, left, since, Aftermath.bound(), problems);
  }

  private static void settle(
      String what, Supplier<List<String>> left, long since, Duration bound, List<String> problems) {
    while (true) {
      List<String> still;
      try {
        still = left.get();
      } catch (RuntimeException e) {
        still = List.of(String.valueOf(e.getCause()));
      }
      if (still.isEmpty()) {
        return;
      }
      if (System.nanoTime() - since > bound.toNanos()) {
        problems.add(still.size() + " " + what + " within " + bound + ", such as "
            + still.subList(0, Math.min(5, still.size())));
        return;
      }
      World.last(200);
    }
  }

  private static String[] settings() {
    return new String[] {
      "chat.ticket.history", Integer.toString(KEPT),
      // A pod that was frozen has much to tell at once; only who reads slowly is to miss something.
      "chat.limits.outbound-queue", "2M",
      "chat.limits.ping-interval", "6s",
      "chat.limits.pong-timeout", "6s",
      // Who polls and goes without a word is seen to have gone by these alone.
      "chat.socketio.ping-interval", "5s",
      "chat.socketio.ping-timeout", "5s"
    };
  }

  /** The one that a fault wants; most do with any. */
  private StoreKind storeKind() {
    return troubles.stream()
        .map(trouble -> trouble.store())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private Loss loss() {
    return troubles.stream()
        .map(trouble -> trouble.loss())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private RunHeader header(Workload workload) {
    return new RunHeader(
        name(),
        seed,
        name(),
        pace.commit(),
        loss() != Loss.NONE,
        loss() == Loss.UNACCEPTED,
        new RunHeader.Bounds(GHOST_MS, 10_000, 3_000, KEPT),
        workload.users(),
        Map.of(
            "pods",
            Integer.toString(PODS),
            "store",
            storeKind().wire(),
            RunHeader.NARROW,
            workload.narrow()));
  }
}
