package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.fault.Fleet;
import dev.chatgateway.chaos.fault.Standalone;
import dev.chatgateway.chaos.fault.Store;
import dev.chatgateway.chaos.history.Fault;
import dev.chatgateway.chaos.history.History;
import dev.chatgateway.chaos.workload.Workload;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What a fault may lay hands on. */
record World(
    Fleet fleet, Store store, Workload workload, History history, Random random, int pods) {

  /** The one server, where there is one. */
  Standalone standalone() {
    return (Standalone) store;
  }

  /** One of the pods. */
  int anyPod() {
    return random.nextInt(pods);
  }

  /** Writes that a fault begins, does it, and writes that it is over. */
  void during(String name, String target, boolean storeAway, Action action) {
    during(name, target, storeAway ? Fault.ALL : null, action);
  }

  /** The same with what cuts off one pod, or all, from the store. */
  void during(String name, String target, String storeAway, Action action) {
    history.write(new Fault.Begins(name, target, storeAway));
    try {
      action.run();
    } finally {
      history.write(new Fault.Ends(name, target));
    }
  }

  /**
   * Writes what the store may lose by the fault of that target that has begun: what it takes until the
   * end of that, and perhaps everything.
   */
  void loses(String target, boolean everything) {
    history.write(new Fault.Loses(target, everything));
  }

  /** Lets a fault last. */
  static void last(long ms) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  interface Action {
    void run();
  }
}
