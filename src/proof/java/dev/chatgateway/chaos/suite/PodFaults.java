package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Fleet;

/** What is done to pods. */
final class PodFaults {
  private static final long AWAY_MS = 4000;
  private static final long LONG_AWAY_MS = 18_000;

  private PodFaults() {}

  static void kill(World world) {
    for (int i = 0; i < 2; i++) {
      int pod = world.anyPod();
      world.during("kill", Fleet.name(pod), false, () -> {
        world.fleet().kill(pod);
        World.last(AWAY_MS);
        world.fleet().start(pod);
      });
      World.last(AWAY_MS);
    }
  }

  /** Most pods die at once, and stay away for longer than what they leave may be seen. */
  static void killTwo(World world) {
    int survivor = world.anyPod();
    int one = (survivor + 1) % world.pods();
    int other = (survivor + 2) % world.pods();
    world.during("kill", "pods", false, () -> {
      world.fleet().kill(one);
      world.fleet().kill(other);
      World.last(LONG_AWAY_MS);
      world.fleet().start(one);
      world.fleet().start(other);
    });
  }

  static void terminate(World world) {
    for (int i = 0; i < 2; i++) {
      int pod = world.anyPod();
      world.during("terminate", Fleet.name(pod), false, () -> {
        world.fleet().terminate(pod);
        World.last(AWAY_MS / 2);
        world.fleet().start(pod);
      });
      World.last(AWAY_MS / 2);
    }
  }

  static void freeze(World world, int seconds) {
    int pod = world.anyPod();
    world.during("freeze", Fleet.name(pod), false, () -> {
      world.fleet().freeze(pod);
      try {
        World.last(seconds * 1000L);
      } finally {
        world.fleet().thaw(pod);
      }
    });
  }

  /** From three pods to five, then to two. */
  static void scale(World world) {
    world.during("scale", "pods", false, () -> {
      world.fleet().start(3);
      world.fleet().start(4);
      World.last(AWAY_MS);
      for (int pod : new int[] {0, 3, 1}) {
        world.fleet().terminate(pod);
      }
    });
  }
}
