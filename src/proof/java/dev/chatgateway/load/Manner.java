package dev.chatgateway.load;

import dev.chatgateway.chaos.workload.Door;
import java.util.Random;

/** How a client connects, and how it comes back. */
enum Manner {
  /** On {@code /chat}, as docs/protocol.md wants it: goes when it is asked to, after that delay. */
  PLAIN(Door.PLAIN, true) {
    @Override
    long backoffMs(int failures, Random random) {
      return 100 + random.nextInt(1000 << Math.min(3, failures));
    }
  },

  /** By {@code socket.io-client} as it comes: knows nothing of delays, and waits by its defaults. */
  SOCKET_IO(Door.SOCKET_IO, false) {
    @Override
    long backoffMs(int failures, Random random) {
      return socketIoBackoffMs(failures, random);
    }
  },

  /** The same by long polling, each request to any pod. */
  POLLING(Door.SOCKET_IO, false) {
    @Override
    long backoffMs(int failures, Random random) {
      return socketIoBackoffMs(failures, random);
    }
  };

  private static final int LONGEST_MS = 5000;

  final Door door;

  /** Whether it heeds {@code reconnect}. */
  final boolean obeys;

  Manner(Door door, boolean obeys) {
    this.door = door;
    this.obeys = obeys;
  }

  /** How long it waits after its connection ended, having failed that often to get another. */
  abstract long backoffMs(int failures, Random random);

  // reconnectionDelay 1000, reconnectionDelayMax 5000, randomizationFactor 0.5
  private static long socketIoBackoffMs(int failures, Random random) {
    double ms = (1000 << Math.min(3, failures)) * (0.5 + random.nextDouble());
    return (long) Math.min(LONGEST_MS, ms);
  }
}
