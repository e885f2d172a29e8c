package dev.chatgateway.load;

import java.util.Collection;
import java.util.Random;

/**
 * The ports of the pods that take new connections. Each connection goes to any of them and stays
 * there, as with a Kubernetes Service and kube-proxy; nothing is sticky.
 */
final class Endpoints {
  private volatile int[] ports = {};

  void set(Collection<Integer> ready) {
    ports = ready.stream().mapToInt(Integer::intValue).toArray();
  }

  int count() {
    return ports.length;
  }

  /** One of them; 0, where nobody listens, if there is none. */
  int any(Random random) {
    int[] now = ports;
    return now.length == 0 ? 0 : now[random.nextInt(now.length)];
  }

  /** The one at that place, counted around. */
  int at(int place) {
    int[] now = ports;
    return now.length == 0 ? 0 : now[place % now.length];
  }
}
