package dev.chatgateway.chaos.suite;

import static dev.chatgateway.chaos.suite.Trouble.Kind.CLIENTS;
import static dev.chatgateway.chaos.suite.Trouble.Kind.NETWORK;
import static dev.chatgateway.chaos.suite.Trouble.Kind.NONE;
import static dev.chatgateway.chaos.suite.Trouble.Kind.PODS;
import static dev.chatgateway.chaos.suite.Trouble.Kind.REDIS;

import java.util.Locale;
import java.util.function.Consumer;

/** The faults there are. What each does is in the class of its kind. */
enum Trouble {
  CONTROL(NONE, false, world -> {}),

  SIGKILL(PODS, false, PodFaults::kill),
  SIGTERM(PODS, false, PodFaults::terminate),
  SIGSTOP_5(PODS, false, world -> PodFaults.freeze(world, 5)),
  SIGSTOP_30(PODS, false, world -> PodFaults.freeze(world, 30)),
  SIGSTOP_60(PODS, false, world -> PodFaults.freeze(world, 60)),
  SCALE(PODS, false, PodFaults::scale),

  SLOW_READER(CLIENTS, false, ClientFaults::slowReaders),
  HALF_OPEN(CLIENTS, false, ClientFaults::halfOpen),
  RECONNECT_STORM(CLIENTS, false, ClientFaults::storm),
  LOST_ACKS(CLIENTS, false, ClientFaults::lostAcks),

  KILL_PUBSUB(REDIS, false, RedisFaults::killPubSub),
  KILL_NORMAL(REDIS, false, RedisFaults::killNormal),
  CLIENT_PAUSE(REDIS, false, RedisFaults::clientPause),
  REDIS_SIGSTOP(REDIS, false, RedisFaults::freeze),
  REDIS_RESTART(REDIS, false, RedisFaults::restart),
  REDIS_EMPTY(REDIS, true, RedisFaults::restartEmpty),
  FLUSHALL(REDIS, true, RedisFaults::flush),
  OUT_OF_MEMORY(REDIS, false, RedisFaults::outOfMemory),
  OUTPUT_BUFFER(REDIS, false, RedisFaults::outputBuffer),

  CUT_BOTH(NETWORK, false, NetworkFaults::cutBoth),
  CUT_TO_REDIS(NETWORK, false, NetworkFaults::cutToRedis),
  CUT_FROM_REDIS(NETWORK, false, NetworkFaults::cutFromRedis),
  LATENCY(NETWORK, false, NetworkFaults::latency),
  CUT_ALL(NETWORK, false, NetworkFaults::cutAll);

  /** What a fault is done to; pairs are of two kinds. */
  enum Kind {
    NONE,
    PODS,
    CLIENTS,
    REDIS,
    NETWORK
  }

  final Kind kind;

  /** Whether accepted messages may be gone afterwards, under a new epoch. */
  final boolean mayLoseData;

  private final Consumer<World> action;

  Trouble(Kind kind, boolean mayLoseData, Consumer<World> action) {
    this.kind = kind;
    this.mayLoseData = mayLoseData;
    this.action = action;
  }

  /** As {@code -Dchat.chaos.fault} names it. */
  String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Does it, and returns when it is over. */
  void strike(World world) {
    action.accept(world);
  }
}
