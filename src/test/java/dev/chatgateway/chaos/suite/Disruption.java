package dev.chatgateway.chaos.suite;

import dev.chatgateway.chaos.suite.StoreKind.Loss;

/** What is done to a run: a fault, or nothing at all. */
interface Disruption {
  /** Nothing happens; what a run shows then is the gateway's own. */
  Disruption CONTROL = new Disruption() {
    @Override
    public String wire() {
      return "control";
    }

    @Override
    public void strike(World world) {}
  };

  /** Returns its name in histories and reports. */
  String wire();

  /** Returns the form of Redis that it is done to. */
  default StoreKind store() {
    return StoreKind.STANDALONE;
  }

  /** Returns what the store may have lost afterwards. */
  default Loss loss() {
    return Loss.NONE;
  }

  /** Does it, and returns when it is over. */
  void strike(World world);
}
