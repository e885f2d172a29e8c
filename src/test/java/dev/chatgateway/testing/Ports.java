package dev.chatgateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that a server can keep while it is down: below those that the kernel gives to whoever
 * connects, or else such a connection might sit on the port when the server comes back.
 */
final class Ports {
  private static final int LOWEST = 11_000;
  private static final int HIGHEST = 22_000;
  // JVMs that run side by side have ranges of their own.
  private static final int FORKS = 5;
  private static final int RANGE = (HIGHEST - LOWEST) / FORKS;
  private static final int TO_BUS = 10_000;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** A port that is free, and whose cluster bus, 10,000 above, is free as well. */
  static synchronized int next() {
    while (true) {
      int port =
          LOWEST + Fork.NUMBER % FORKS * RANGE + ThreadLocalRandom.current().nextInt(RANGE);
      if (!GIVEN.contains(port) && isFree(port) && isFree(port + TO_BUS)) {
        GIVEN.add(port);
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
