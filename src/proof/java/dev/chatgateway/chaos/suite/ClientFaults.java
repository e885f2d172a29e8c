package dev.chatgateway.chaos.suite;

/** What clients and their networks do to the gateway. */
final class ClientFaults {
  private static final String TARGET = "clients";
  private static final long STALL_MS = 20_000;

  private ClientFaults() {}

  /** Watchers read a little every now and then, too little. */
  static void slowReaders(World world) {
    world.during("slow readers", TARGET, false, () -> {
      world.workload().stallWatchers();
      for (int i = 0; i < 20; i++) {
        world.workload().sip();
        World.last(STALL_MS / 20);
      }
      world.workload().read();
    });
  }

  /** Agents read and answer nothing, not even pings, and end nothing. */
  static void halfOpen(World world) {
    world.during("half-open", TARGET, false, () -> {
      world.workload().stallAgents();
      World.last(STALL_MS);
      world.workload().read();
    });
  }

  static void storm(World world) {
    world.during("reconnect storm", TARGET, false, () -> {
      for (int i = 0; i < 3; i++) {
        world.workload().dropAll();
        World.last(5000);
      }
    });
  }

  static void lostAcks(World world) {
    world.during("lost acknowledgements", TARGET, false, () -> {
      for (int i = 0; i < 15; i++) {
        world.workload().sayAndDropSome();
        World.last(1000);
      }
    });
  }
}
