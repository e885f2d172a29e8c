package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Replicated;
import dev.chatgateway.chaos.fault.Standalone;
import dev.chatgateway.chaos.fault.Store;
import java.util.Locale;
import java.util.function.LongFunction;

/** The forms of Redis that scenarios are run on. */
enum StoreKind {
  /** One server, with a network of its own for each pod. */
  STANDALONE(Standalone::new),
  /** A primary and two replicas under sentinels; what is accepted is on both. */
  SENTINEL(seed -> Replicated.sentinels(2)),
  /** The same; nothing waits for the replicas. */
  SENTINEL_NO_WAIT(seed -> Replicated.sentinels(0)),
  /** Three primaries with a replica each; what is accepted is on it. */
  CLUSTER(seed -> Replicated.cluster(1)),
  /** The same; nothing waits for the replicas. */
  CLUSTER_NO_WAIT(seed -> Replicated.cluster(0));

  /** What a store may have lost after a fault. */
  enum Loss {
    NONE,
    /** What was not accepted, and what does not wait for replicas, such as marks. */
    UNACCEPTED,
    ANY
  }

  private final LongFunction<Store> start;

  StoreKind(LongFunction<Store> start) {
    this.start = start;
  }

  /** Starts one, whose choices follow from the seed. */
  Store start(long seed) {
    return start.apply(seed);
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
