package dev.chatgateway.chaos.suite;

import static dev.chatgateway.chaos.suite.Trouble.Kind.CLIENTS;
import static dev.chatgateway.chaos.suite.Trouble.Kind.NETWORK;
import static dev.chatgateway.chaos.suite.Trouble.Kind.NONE;
import static dev.chatgateway.chaos.suite.Trouble.Kind.PODS;
import static dev.chatgateway.chaos.suite.Trouble.Kind.REDIS;
import static dev.chatgateway.chaos.suite.Trouble.Kind.REPLICATED;

import dev.chatgateway.chaos.suite.StoreKind.Loss;
import java.util.Locale;
import java.util.function.Consumer;

/** The faults there are. What each does is in the class of its kind. */
enum Trouble implements Disruption {
  CONTROL(NONE, Loss.NONE, Disruption.CONTROL::strike),

  SIGKILL(PODS, Loss.NONE, PodFaults::kill),
  SIGKILL_TWO(PODS, Loss.NONE, PodFaults::killTwo),
  SIGTERM(PODS, Loss.NONE, PodFaults::terminate),
  SIGSTOP_5(PODS, Loss.NONE, world -> PodFaults.freeze(world, 5)),
  SIGSTOP_30(PODS, Loss.NONE, world -> PodFaults.freeze(world, 30)),
  SIGSTOP_60(PODS, Loss.NONE, world -> PodFaults.freeze(world, 60)),
  SCALE(PODS, Loss.NONE, PodFaults::scale),

  SLOW_READER(CLIENTS, Loss.NONE, ClientFaults::slowReaders),
  HALF_OPEN(CLIENTS, Loss.NONE, ClientFaults::halfOpen),
  RECONNECT_STORM(CLIENTS, Loss.NONE, ClientFaults::storm),
  LOST_ACKS(CLIENTS, Loss.NONE, ClientFaults::lostAcks),

  KILL_PUBSUB(REDIS, Loss.NONE, RedisFaults::killPubSub),
  KILL_NORMAL(REDIS, Loss.NONE, RedisFaults::killNormal),
  CLIENT_PAUSE(REDIS, Loss.NONE, RedisFaults::clientPause),
  REDIS_SIGSTOP(REDIS, Loss.NONE, RedisFaults::freeze),
  REDIS_RESTART(REDIS, Loss.NONE, RedisFaults::restart),
  REDIS_EMPTY(REDIS, Loss.ANY, RedisFaults::restartEmpty),
  REDIS_OLDER(REDIS, Loss.ANY, RedisFaults::restartOlder),
  REDIS_OLDER_UNHEARD(REDIS, Loss.ANY, RedisFaults::restartOlderUnheard),
  FLUSHALL(REDIS, Loss.ANY, RedisFaults::flush),
  OUT_OF_MEMORY(REDIS, Loss.NONE, RedisFaults::outOfMemory),
  OUTPUT_BUFFER(REDIS, Loss.NONE, RedisFaults::outputBuffer),

  CUT_BOTH(NETWORK, Loss.NONE, NetworkFaults::cutBoth),
  CUT_TO_REDIS(NETWORK, Loss.NONE, NetworkFaults::cutToRedis),
  CUT_FROM_REDIS(NETWORK, Loss.NONE, NetworkFaults::cutFromRedis),
  LATENCY(NETWORK, Loss.NONE, NetworkFaults::latency),
  CUT_ALL(NETWORK, Loss.NONE, NetworkFaults::cutAll),

  SENTINEL_SIGKILL(StoreKind.SENTINEL, Loss.UNACCEPTED, SentinelFaults::kill),
  SENTINEL_SIGSTOP(StoreKind.SENTINEL, Loss.UNACCEPTED, SentinelFaults::freeze),
  SENTINEL_FAILOVER(StoreKind.SENTINEL, Loss.UNACCEPTED, SentinelFaults::failover),
  SENTINEL_BOTH(StoreKind.SENTINEL, Loss.UNACCEPTED, SentinelFaults::killBoth),
  SENTINEL_KILL_PUBSUB(StoreKind.SENTINEL, Loss.NONE, SentinelFaults::killPubSub),
  SENTINEL_NO_WAIT(StoreKind.SENTINEL_NO_WAIT, Loss.ANY, SentinelFaults::failover),

  CLUSTER_SIGKILL(StoreKind.CLUSTER, Loss.UNACCEPTED, ClusterFaults::kill),
  CLUSTER_SIGSTOP(StoreKind.CLUSTER, Loss.UNACCEPTED, ClusterFaults::freeze),
  // The replica takes over once it has all that the primary had.
  CLUSTER_FAILOVER(StoreKind.CLUSTER, Loss.NONE, ClusterFaults::failover),
  CLUSTER_RESHARD(StoreKind.CLUSTER, Loss.NONE, ClusterFaults::reshard),
  CLUSTER_KILL_PUBSUB(StoreKind.CLUSTER, Loss.NONE, ClusterFaults::killPubSub),
  CLUSTER_KILL_NORMAL(StoreKind.CLUSTER, Loss.NONE, ClusterFaults::killNormal),
  CLUSTER_NO_WAIT(StoreKind.CLUSTER_NO_WAIT, Loss.ANY, ClusterFaults::kill);

  /** What a fault is done to; pairs are of two kinds. */
  enum Kind {
    NONE,
    PODS,
    CLIENTS,
    REDIS,
    NETWORK,
    REPLICATED
  }

  final Kind kind;

  private final StoreKind store;
  private final Loss loss;
  private final Consumer<World> action;

  Trouble(Kind kind, Loss loss, Consumer<World> action) {
    this(kind, StoreKind.STANDALONE, loss, action);
  }

  Trouble(StoreKind store, Loss loss, Consumer<World> action) {
    this(REPLICATED, store, loss, action);
  }

  Trouble(Kind kind, StoreKind store, Loss loss, Consumer<World> action) {
    this.kind = kind;
    this.store = store;
    this.loss = loss;
    this.action = action;
  }

  /** Returns the name by which {@code -Dchat.chaos.fault} chooses it. */
  @Override
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public StoreKind store() {
    return store;
  }

  @Override
  public Loss loss() {
    return loss;
  }

  /** Whether it takes so long that it is done by itself only, and not in every build. */
  boolean isLong() {
    return this == SIGSTOP_60 || this == REDIS_OLDER_UNHEARD;
  }

  /** Whether there is a store that both can be done to. */
  boolean goesWith(Trouble other) {
    return store == other.store || !needsStore() || !other.needsStore();
  }

  private boolean needsStore() {
    return kind == REDIS || kind == NETWORK || kind == REPLICATED;
  }

  @Override
  public void strike(World world) {
    action.accept(world);
  }
}
