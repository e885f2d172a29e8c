package dev.chatgateway.chaos.history;

/** What was done to the gateway and what it stands on, and when. */
public sealed interface Fault extends Fact {

  /**
   * @param name what is done, such as {@code kill}; that of the end is the same
   * @param target to what: a pod's name, {@code redis}, {@code network}
   * @param storeAway while it lasts, pods can't reach the store
   */
  record Begins(String name, String target, boolean storeAway) implements Fault {}

  /** What was begun under that name and target is over: thawed, restarted, connected again. */
  record Ends(String name, String target) implements Fault {}

  /** All faults are over, and no more will come. */
  record Stop() implements Fault {}
}
